package dev.interject.machine;

import dev.interject.kvm.GuestMemory;

/**
 * A machine's RAM, at guest-physical addresses from 0. The guest may write it at the same time: only an access of up to
 * 8 bytes at a multiple of its size is one access for the guest as well. Thread-safe.
 *
 * <p>Values are little-endian. An access outside RAM throws {@link IndexOutOfBoundsException}, and changes nothing; one
 * after the machine was closed throws {@link IllegalStateException}.
 */
public final class GuestRam {

    private final GuestMemory memory;

    GuestRam(GuestMemory memory) {
        this.memory = memory;
    }

    /** Its size in bytes. */
    public long bytes() {
        return memory.bytes();
    }

    /** Copies {@code length} bytes from an address. */
    public byte[] read(long address, int length) {
        return memory.read(address, length);
    }

    /** Reads 32 bits, also while the guest writes them; the address is a multiple of 4. */
    public int readInt(long address) {
        requireAligned(address, Integer.BYTES);
        return memory.readCounter(address);
    }

    /** Reads 64 bits, also while the guest writes them; the address is a multiple of 8. */
    public long readLong(long address) {
        requireAligned(address, Long.BYTES);
        return memory.readLongCounter(address);
    }

    private void requireAligned(long address, int size) {
        memory.require(address, size);
        if (address % size != 0) {
            throw new IllegalArgumentException("0x%x is not a multiple of %d".formatted(address, size));
        }
    }

    /** Copies bytes to an address. The guest may execute or read them at once. */
    public void write(long address, byte... content) {
        memory.write(address, content);
    }
}
