package dev.interject.guest.image;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.LittleEndian;
import dev.interject.guest.boot.MultibootBoot;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;

/** Reads Multiboot 1 images (Multiboot Specification 0.6.96, 3.1). */
final class MultibootReader {

    private static final int MAGIC = 0x1badb002;
    private static final int SEARCHED_BYTES = 8192;
    private static final int HEADER_BYTES = 12;
    private static final int ADDRESSES_BYTES = 32;

    private static final int MUST_UNDERSTAND = 0xffff;
    private static final int PAGE_ALIGNED = 1;
    private static final int MEMORY = 1 << 1;
    private static final int VIDEO = 1 << 2;
    private static final int HAS_ADDRESSES = 1 << 16;

    private MultibootReader() {}

    static boolean accepts(byte[] file) {
        return header(file).isPresent();
    }

    /** The offset of the header. */
    private static OptionalInt header(byte[] file) {
        ByteBuffer bytes = LittleEndian.of(file);
        for (int at = 0; at + HEADER_BYTES <= Math.min(file.length, SEARCHED_BYTES); at += Integer.BYTES) {
            if (bytes.getInt(at) == MAGIC && MAGIC + bytes.getInt(at + 4) + bytes.getInt(at + 8) == 0) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    static GuestImage read(byte[] file, ImageOptions options) {
        options.requireOnly(ImageFormat.MULTIBOOT, BootMode.PROTECTED);
        int header = header(file).orElseThrow(() -> new UnbootableImageException(
                "the image has no Multiboot header in its first 8192 bytes",
                "put its section first in the linker script, aligned to 4 bytes"));
        ByteBuffer bytes = LittleEndian.of(file);
        int flags = bytes.getInt(header + 4);
        checkFlags(flags);
        if ((flags & HAS_ADDRESSES) == 0) {
            ElfContent elf = ElfFileReader.read(file);
            return image(elf.entry(), elf.parts(), elf.symbols());
        }
        if (header + ADDRESSES_BYTES > file.length) {
            throw new UnbootableImageException("the Multiboot header is cut short", "build the image again");
        }
        List<Part> parts = new AddressFields(word(bytes, header + 12), word(bytes, header + 16),
                word(bytes, header + 20), word(bytes, header + 24)).parts(file, header);
        return image(word(bytes, header + 28), parts,
                ElfFileReader.accepts(file) ? ElfFileReader.read(file).symbols() : Symbols.NONE);
    }

    private static void checkFlags(int flags) {
        if ((flags & VIDEO) != 0) {
            throw new UnbootableImageException("the image requires a video mode, and the guest has no display",
                    "clear bit 2 of its Multiboot header's flags, and write to the serial port");
        }
        int unknown = flags & MUST_UNDERSTAND & ~(PAGE_ALIGNED | MEMORY);
        if (unknown != 0) {
            throw new UnbootableImageException(
                    "the image requires what Multiboot does not define (flags 0x%x)".formatted(unknown),
                    "clear these bits in its Multiboot header");
        }
    }

    static long word(ByteBuffer bytes, int offset) {
        return Integer.toUnsignedLong(bytes.getInt(offset));
    }

    private static GuestImage image(long entry, List<Part> parts, Symbols symbols) {
        return new GuestImage(ImageFormat.MULTIBOOT, ImageReader.checked(new MultibootBoot(entry), parts), parts,
                symbols);
    }
}
