package dev.interject.kvm.state;

/** Memory by guest-physical address, to read page tables and other tables of a guest. Values are little-endian. */
public interface PhysicalMemory {

    /** Whether all {@code length} bytes from {@code address} lie in this memory; false for a negative number. */
    boolean contains(long address, long length);

    /** Copies {@code length} bytes from a guest-physical address. */
    byte[] read(long address, int length);

    /** Reads 32 bits from a guest-physical address. */
    int readInt(long address);

    /** Reads 64 bits from a guest-physical address. */
    long readLong(long address);
}
