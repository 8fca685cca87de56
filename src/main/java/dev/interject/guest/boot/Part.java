package dev.interject.guest.boot;

import java.util.Objects;

/**
 * A range of guest memory with what it holds at the start.
 *
 * @param name    what it is, for messages
 * @param address guest-physical
 * @param content its first bytes; the rest is zero
 * @param bytes   its size, at least that of the content
 */
public record Part(String name, long address, byte[] content, long bytes) {

    /**
     * Checks the range.
     *
     * @throws UnbootableImageException if it is no range of addresses
     */
    public Part {
        Objects.requireNonNull(name, "name");
        if (bytes < content.length) {
            throw new UnbootableImageException(
                    "%s has 0x%x bytes of content, but claims 0x%x of memory".formatted(name, content.length, bytes),
                    "build the image again: its headers are damaged");
        }
        if (address < 0 || address + bytes < address) {
            throw new UnbootableImageException(
                    "%s at 0x%x does not lie in an address space".formatted(name, address),
                    "link the image to addresses within the guest's memory");
        }
    }

    /** A part without a name, filled by its content. */
    public Part(long address, byte[] content) {
        this("the image", address, content, content.length);
    }

    /** The first address after it. */
    public long end() {
        return address + bytes;
    }

    /** Whether it has an address in common with a range. */
    boolean overlaps(long start, long length) {
        return address < start + length && start < end();
    }
}
