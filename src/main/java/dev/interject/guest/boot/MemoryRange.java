package dev.interject.guest.boot;

/**
 * An entry of the map of memory that a guest gets, with the types of ACPI's {@code E820}.
 *
 * @param address guest-physical
 * @param bytes   its size
 * @param usable  whether it is RAM that the guest may use; otherwise it is reserved
 */
public record MemoryRange(long address, long bytes, boolean usable) {

    private static final int USABLE = 1;
    private static final int RESERVED = 2;

    /** The type in E820, Multiboot and PVH. */
    public int type() {
        return usable ? USABLE : RESERVED;
    }
}
