package dev.interject.guest.image;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.BootProtocol;
import dev.interject.guest.boot.BuiltFile;
import dev.interject.guest.boot.DirectBoot;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;

/**
 * A program that can be loaded into a guest's memory and started.
 *
 * @param format   the format that it was read from
 * @param protocol what it gets from its loader, and where it starts
 * @param parts    the bytes to load
 * @param symbols  the names of its addresses
 */
public record GuestImage(ImageFormat format, BootProtocol protocol, List<Part> parts, Symbols symbols) {

    /** No image that can be loaded below the hole for devices is larger. */
    private static final long MOST_BYTES = 1 << 30;

    /** Copies the list of parts. */
    public GuestImage {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(protocol, "protocol");
        parts = List.copyOf(parts);
        Objects.requireNonNull(symbols, "symbols");
    }

    /**
     * Reads an image of any format, which its content tells.
     *
     * @throws UnbootableImageException if it cannot be read, or is no image that can be booted
     */
    public static GuestImage of(Path file) {
        return of(file, ImageOptions.NONE);
    }

    /** As {@link #of(Path)}, with what is known of the image beside its content. */
    public static GuestImage of(Path file, ImageOptions options) {
        return of(contentOf(file), options);
    }

    /** As {@link #of(Path, ImageOptions)}, of a file's content. */
    public static GuestImage of(byte[] file, ImageOptions options) {
        return ImageReader.read(file, options);
    }

    /**
     * The content of a file that a guest is to get, such as an initrd.
     *
     * @throws UnbootableImageException if it cannot be read
     */
    public static byte[] contentOf(Path file) {
        try {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            if (!Files.isRegularFile(file)) { // a device or a pipe might never end
                throw new UnbootableImageException("%s is not a file".formatted(file), "give the name of an image");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new UnbootableImageException("%s has %,d bytes".formatted(file, Files.size(file)),
                        "give an image of at most 1 GiB");
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new UnbootableImageException("cannot read %s: %s".formatted(file, switch (unreadable) {
                case NoSuchFileException _ -> "no such file";
                case AccessDeniedException _ -> "permission denied";
                default -> unreadable.getMessage();
            }), "check the name and its permissions");
        }
    }

    /**
     * Reads an ELF file: its loadable segments at their physical addresses, and its symbols. It starts without a boot
     * protocol, in long mode if it is a 64-bit file, else in protected mode.
     *
     * @throws UnbootableImageException if the file is not a well-formed ELF file
     */
    public static GuestImage ofElf(byte[] file) {
        return ImageReader.elf(ElfFileReader.read(file), ImageOptions.NONE);
    }

    /** Reads the image built from {@code guest/NAME.S} from the class path. */
    public static GuestImage ofResource(String name) {
        return ofElf(fileOf(name));
    }

    /** Reads the ELF file built from {@code guest/NAME.S} from the class path. */
    public static byte[] fileOf(String name) {
        return BuiltFile.read(name + ".elf");
    }

    /** The same image, started without a boot protocol in another mode. */
    public GuestImage startingIn(BootMode mode) {
        return new GuestImage(format, new DirectBoot(mode, entry()), parts, symbols);
    }

    /** Guest-physical address of its first instruction. */
    public long entry() {
        return protocol.entry();
    }
}
