package dev.interject.guest.image;

import java.util.List;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.DirectBoot;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;

/** Reads flat binaries: bytes that are loaded as they are. */
final class FlatReader {

    /** Where a PC's firmware loads a boot sector. */
    private static final long BOOT_SECTOR = 0x7c00;
    private static final long ONE_MIB = 1 << 20;
    private static final int SIGNATURE_OFFSET = 510;

    private FlatReader() {}

    /** Whether the file begins with a boot sector: 512 bytes that end with 55 AA. */
    static boolean accepts(byte[] file) {
        return file.length >= SIGNATURE_OFFSET + 2 && file[SIGNATURE_OFFSET] == 0x55
                && file[SIGNATURE_OFFSET + 1] == (byte) 0xaa;
    }

    static GuestImage read(byte[] file, ImageOptions options) {
        if (file.length == 0) {
            throw new UnbootableImageException("the image is empty", "build it again");
        }
        BootMode mode = options.mode().orElse(BootMode.REAL);
        long load = options.load().orElse(mode == BootMode.REAL ? BOOT_SECTOR : ONE_MIB);
        List<Part> parts = List.of(new Part(load, file));
        return new GuestImage(ImageFormat.FLAT,
                ImageReader.checked(new DirectBoot(mode, options.entry().orElse(load)), parts), parts, Symbols.NONE);
    }
}
