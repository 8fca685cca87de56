package dev.interject.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

import dev.interject.kvm.GuestMemory;

/**
 * A program that can be loaded into a guest's memory.
 *
 * @param entry   guest-physical address of its first instruction
 * @param parts   what to copy where
 * @param symbols the names of its addresses
 */
public record GuestImage(long entry, List<Part> parts, Symbols symbols) {

    /** Bytes and the guest-physical address they belong at. */
    public record Part(long address, byte[] content) {}

    /**
     * The image in an ELF file: its loadable segments at their physical addresses, and its symbols.
     *
     * @throws net.fornwall.jelf.ElfException where this is no ELF file
     */
    public static GuestImage ofElf(byte[] file) {
        return ElfReader.read(file);
    }

    /** The image that {@code guest/NAME.S} became; the build puts it beside this class. */
    public static GuestImage ofResource(String name) {
        return ofElf(fileOf(name));
    }

    /** The ELF file that {@code guest/NAME.S} became; the build puts it beside this class. */
    public static byte[] fileOf(String name) {
        String resource = name + ".elf";
        try (InputStream elf = GuestImage.class.getResourceAsStream(resource)) {
            if (elf == null) {
                throw new IllegalStateException(
                        "the guest image " + resource + " is missing; build again with ./mvnw package");
            }
            return elf.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** @throws IndexOutOfBoundsException if a part lies outside the memory */
    public void loadInto(GuestMemory memory) {
        for (Part part : parts) {
            memory.write(part.address(), part.content());
        }
    }
}
