package dev.interject.guest.image;

import java.util.Arrays;
import java.util.List;

import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.UnbootableImageException;

/**
 * Where a Multiboot header says that an image is loaded that is no ELF file. Addresses are 0 to 0xffffffff.
 *
 * @param header  the address of the header itself
 * @param load    the first address; 0xffffffff for the start of the file
 * @param loadEnd the address after what is loaded; 0 for the end of the file
 * @param bssEnd  the address after the zeros that follow; 0 for none
 */
record AddressFields(long header, long load, long loadEnd, long bssEnd) {

    private static final long START_OF_FILE = 0xffffffffL;

    /** @param headerOffset where the header is in the file */
    List<Part> parts(byte[] file, int headerOffset) {
        long first = load == START_OF_FILE ? header - headerOffset : load;
        long offset = headerOffset - (header - first);
        if (first < 0 || first > header || offset < 0) {
            throw absurd("loads from 0x%x, and its header at 0x%x does not fit".formatted(load, header));
        }
        long end = loadEnd == 0 ? first + file.length - offset : loadEnd;
        if (end < first || end - first > file.length - offset) {
            throw absurd("loads up to 0x%x, beyond the end of the file".formatted(end));
        }
        long last = bssEnd == 0 ? end : bssEnd;
        if (last < end) {
            throw absurd("ends its zeros at 0x%x, before their start at 0x%x".formatted(last, end));
        }
        return List.of(new Part("the image", first,
                Arrays.copyOfRange(file, (int) offset, (int) (offset + end - first)), last - first));
    }

    private static UnbootableImageException absurd(String what) {
        return new UnbootableImageException("the Multiboot header " + what,
                "correct its address fields, or link the image as an ELF file without them");
    }
}
