package dev.interject.guest.image;

import java.util.List;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.BootProtocol;
import dev.interject.guest.boot.DirectBoot;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.PvhBoot;
import dev.interject.guest.boot.UnbootableImageException;

/** Finds an image's format by its content, and reads it. */
final class ImageReader {

    private ImageReader() {}

    static GuestImage read(byte[] file, ImageOptions options) {
        ImageFormat format = options.format().orElseGet(() -> formatOf(file, options));
        return switch (format) {
            case FLAT -> FlatReader.read(file, options);
            case ELF -> elf(ElfFileReader.read(file), options);
            case MULTIBOOT -> MultibootReader.read(file, options);
            case MULTIBOOT2 -> Multiboot2Reader.read(file, options);
            case PVH -> pvh(ElfFileReader.read(file), options);
            case LINUX -> LinuxReader.read(file, options);
        };
    }

    /** Multiboot before PVH and plain ELF, as QEMU does. */
    private static ImageFormat formatOf(byte[] file, ImageOptions options) {
        if (LinuxReader.accepts(file)) {
            return ImageFormat.LINUX;
        }
        if (MultibootReader.accepts(file)) {
            return ImageFormat.MULTIBOOT;
        }
        if (Multiboot2Reader.accepts(file)) {
            return ImageFormat.MULTIBOOT2;
        }
        if (ElfFileReader.accepts(file)) {
            return ElfFileReader.read(file).pvhEntry().isPresent() ? ImageFormat.PVH : ImageFormat.ELF;
        }
        if (options.describeFlatBinary() || FlatReader.accepts(file)) {
            return ImageFormat.FLAT;
        }
        throw new UnbootableImageException("the image is no ELF, Multiboot, PVH or Linux image",
                "if it is a flat binary, say in which mode it starts, and where it is loaded");
    }

    /** An ELF file without a boot protocol. */
    static GuestImage elf(ElfContent elf, ImageOptions options) {
        options.requireOnly(ImageFormat.ELF, BootMode.values());
        BootMode mode = options.mode().orElse(elf.wide() ? BootMode.LONG : BootMode.PROTECTED);
        long entry = options.entry().orElse(elf.entry());
        return new GuestImage(ImageFormat.ELF, checked(new DirectBoot(mode, entry), elf.parts()), elf.parts(),
                elf.symbols());
    }

    private static GuestImage pvh(ElfContent elf, ImageOptions options) {
        options.requireOnly(ImageFormat.PVH, BootMode.PROTECTED);
        long entry = elf.pvhEntry()
                .orElseThrow(() -> new UnbootableImageException("the ELF file has no PVH note",
                        "add a note of type 18 and owner Xen with the entry's address"));
        return new GuestImage(ImageFormat.PVH, checked(new PvhBoot(entry), elf.parts()), elf.parts(), elf.symbols());
    }

    /** @throws UnbootableImageException if it does not start within the image */
    static BootProtocol checked(BootProtocol protocol, List<Part> parts) {
        if (parts.stream().noneMatch(part -> part.address() <= protocol.entry() && protocol.entry() < part.end())) {
            throw new UnbootableImageException(
                    "the entry at 0x%x lies outside the image".formatted(protocol.entry()),
                    "start it at an address between 0x%x and 0x%x".formatted(parts.getFirst().address(),
                            parts.getFirst().end() - 1));
        }
        return protocol;
    }
}
