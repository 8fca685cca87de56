package dev.interject.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

import dev.interject.kvm.GuestMemory;

/**
 * A program that can be loaded into a guest's memory.
 *
 * @param entry   guest-physical address of its first instruction
 * @param parts   the bytes to load
 * @param symbols the names of its addresses
 */
public record GuestImage(long entry, List<Part> parts, Symbols symbols) {

    /** Bytes and the guest-physical address to which they are copied. */
    public record Part(long address, byte[] content) {}

    /** Copies the list of parts. */
    public GuestImage {
        parts = List.copyOf(parts);
        Objects.requireNonNull(symbols, "symbols");
    }

    /**
     * Reads an ELF file: its loadable segments at their physical addresses, and its symbols.
     *
     * @throws IllegalArgumentException if the file is not a well-formed ELF file
     */
    public static GuestImage ofElf(byte[] file) {
        return ElfReader.read(file);
    }

    /** Reads the image built from {@code guest/NAME.S} from the class path. */
    public static GuestImage ofResource(String name) {
        return ofElf(fileOf(name));
    }

    /** Reads the ELF file built from {@code guest/NAME.S} from the class path. */
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

    /**
     * Copies all parts into a guest's memory.
     *
     * @throws IndexOutOfBoundsException if a part lies outside the memory
     */
    public void loadInto(GuestMemory memory) {
        for (Part part : parts) {
            memory.write(part.address(), part.content());
        }
    }
}
