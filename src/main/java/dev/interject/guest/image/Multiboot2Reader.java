package dev.interject.guest.image;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.LittleEndian;
import dev.interject.guest.boot.Multiboot2Boot;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;

/** Reads Multiboot 2 images (Multiboot2 Specification 2.0, 3.1). */
final class Multiboot2Reader {

    private static final int MAGIC = 0xe85250d6;
    private static final int I386 = 0;
    private static final int SEARCHED_BYTES = 32768;
    private static final int HEADER_BYTES = 16;
    private static final int ALIGNMENT = 8;

    // Tags of the header
    private static final int END = 0;
    private static final int REQUEST = 1;
    private static final int ADDRESS = 2;
    private static final int ENTRY = 3;
    private static final int CONSOLE = 4;
    private static final int FRAMEBUFFER = 5;
    private static final int MODULE_ALIGNMENT = 6;
    private static final int RELOCATABLE = 10;
    private static final int OPTIONAL = 1;

    /** What {@link Multiboot2Boot} passes. */
    private static final Set<Integer> PASSED = Set.of(1, 2, 3, 4, 6, 14);

    private Multiboot2Reader() {}

    /** What the tags of a header say. */
    private static final class Tags {
        private Optional<AddressFields> addresses = Optional.empty();
        private OptionalLong entry = OptionalLong.empty();
    }

    static boolean accepts(byte[] file) {
        return header(file).isPresent();
    }

    /** The offset of the header. */
    private static OptionalInt header(byte[] file) {
        ByteBuffer bytes = LittleEndian.of(file);
        for (int at = 0; at + HEADER_BYTES <= Math.min(file.length, SEARCHED_BYTES); at += ALIGNMENT) {
            if (bytes.getInt(at) == MAGIC
                    && MAGIC + bytes.getInt(at + 4) + bytes.getInt(at + 8) + bytes.getInt(at + 12) == 0) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    static GuestImage read(byte[] file, ImageOptions options) {
        options.requireOnly(ImageFormat.MULTIBOOT2, BootMode.PROTECTED);
        int header = header(file).orElseThrow(() -> new UnbootableImageException(
                "the image has no Multiboot 2 header in its first 32768 bytes",
                "put its section first in the linker script, aligned to 8 bytes"));
        ByteBuffer bytes = LittleEndian.of(file);
        if (bytes.getInt(header + 4) != I386) {
            throw new UnbootableImageException("the Multiboot 2 header is not for i386", "set its architecture to 0");
        }
        Tags tags = tags(bytes, header);
        if (tags.addresses.isPresent()) {
            List<Part> parts = tags.addresses.get().parts(file, header);
            Symbols symbols = ElfFileReader.accepts(file) ? ElfFileReader.read(file).symbols() : Symbols.NONE;
            long entry = tags.entry.orElseThrow(() -> new UnbootableImageException(
                    "the Multiboot 2 header has an address tag and no entry tag", "add one"));
            return image(entry, parts, symbols);
        }
        ElfContent elf = ElfFileReader.read(file);
        return image(tags.entry.orElse(elf.entry()), elf.parts(), elf.symbols());
    }

    private static Tags tags(ByteBuffer bytes, int header) {
        long end = Math.min(header + MultibootReader.word(bytes, header + 8), bytes.limit());
        Tags tags = new Tags();
        int at = header + HEADER_BYTES;
        while (at + ALIGNMENT <= end) {
            int type = Short.toUnsignedInt(bytes.getShort(at));
            long size = MultibootReader.word(bytes, at + 4);
            if (size < ALIGNMENT || at + size > end) {
                throw new UnbootableImageException("a tag of the Multiboot 2 header is cut short",
                        "correct the sizes of its tags");
            }
            if (type == END) {
                return tags;
            }
            read(tags, bytes.slice(at, (int) size).order(bytes.order()), type);
            at = (int) Math.min(at + size + ALIGNMENT - 1 & -ALIGNMENT, end);
        }
        return tags;
    }

    private static void read(Tags tags, ByteBuffer tag, int type) {
        boolean required = (tag.getShort(2) & OPTIONAL) == 0;
        switch (type) {
            case ADDRESS -> tags.addresses = Optional.of(new AddressFields(word(tag, 8), word(tag, 12), word(tag, 16),
                    word(tag, 20)));
            case ENTRY -> tags.entry = OptionalLong.of(word(tag, 8));
            case REQUEST -> checkRequest(tag, required);
            case CONSOLE, MODULE_ALIGNMENT, RELOCATABLE -> {
                // there is a serial console, modules are aligned, and the image is loaded where it was linked
            }
            case FRAMEBUFFER -> {
                if (required) {
                    throw new UnbootableImageException("the image requires a framebuffer, and the guest has no display",
                            "make its framebuffer tag optional (flags 1), and write to the serial port");
                }
            }
            default -> {
                if (required) {
                    throw refused("tag %d of its Multiboot 2 header".formatted(type));
                }
            }
        }
    }

    private static void checkRequest(ByteBuffer tag, boolean required) {
        for (int at = ALIGNMENT; required && at + Integer.BYTES <= tag.limit(); at += Integer.BYTES) {
            if (!PASSED.contains(tag.getInt(at))) {
                throw refused("information of type %d".formatted(Integer.toUnsignedLong(tag.getInt(at))));
            }
        }
    }

    private static UnbootableImageException refused(String what) {
        return new UnbootableImageException("the image requires %s, which Interject does not provide".formatted(what),
                "make that tag optional (flags 1)");
    }

    private static long word(ByteBuffer tag, int offset) {
        if (offset + Integer.BYTES > tag.limit()) {
            throw new UnbootableImageException("a tag of the Multiboot 2 header is cut short",
                    "correct the sizes of its tags");
        }
        return MultibootReader.word(tag, offset);
    }

    private static GuestImage image(long entry, List<Part> parts, Symbols symbols) {
        return new GuestImage(ImageFormat.MULTIBOOT2, ImageReader.checked(new Multiboot2Boot(entry), parts), parts,
                symbols);
    }
}
