package dev.interject.kvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.BitSet;

import dev.interject.kvm.state.PhysicalMemory;
import dev.interject.linux.Mapping;
import dev.interject.linux.PageMap;
import dev.interject.linux.error.SystemCallException;

/**
 * A guest's RAM, from guest-physical address 0 up. Values are little-endian and need not be aligned.
 *
 * <p>Every access outside it throws {@link IndexOutOfBoundsException}, and every use after {@link #close} throws
 * {@link IllegalStateException}. The guest may write the memory at the same time: {@link #readCounter} and
 * {@link #readLongCounter} read words that both sides use.
 */
public final class GuestMemory implements PhysicalMemory, AutoCloseable {

    private static final VarHandle COUNTER = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG_COUNTER = ValueLayout.JAVA_LONG.varHandle();

    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[4096]);

    private final Mapping mapping;

    private GuestMemory(Mapping mapping) {
        this.mapping = mapping;
    }

    /**
     * Allocates zeroed RAM; a page takes up host memory when it is first touched.
     *
     * @param bytes the size, above 0; KVM accepts multiples of 4096
     * @throws IllegalArgumentException if the size is not above 0
     * @throws SystemCallException      {@code mmap: ENOMEM …} where the host has no room for it
     */
    public static GuestMemory ofBytes(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("guest memory must have more than 0 bytes, not " + bytes);
        }
        return new GuestMemory(Mapping.anonymous(bytes));
    }

    /** Its size in bytes. */
    public long bytes() {
        return mapping.memory().byteSize();
    }

    /** Whether all {@code length} bytes from {@code address} lie in this memory; false for a negative number. */
    @Override
    public boolean contains(long address, long length) {
        return address >= 0 && length >= 0 && address <= bytes() - length;
    }

    /** @throws IndexOutOfBoundsException unless the bytes lie in this memory */
    public void require(long address, long length) {
        if (!contains(address, length)) {
            throw new IndexOutOfBoundsException("%d bytes at 0x%x are not in the guest's RAM, which has 0x%x".formatted(
                    length, address, bytes()));
        }
    }

    /** Copies bytes to a guest-physical address. */
    public void write(long address, byte[] content) {
        write(address, content, 0, content.length);
    }

    /** Copies {@code length} bytes of an array, from an index on, to a guest-physical address. */
    public void write(long address, byte[] content, int from, int length) {
        require(address, length);
        MemorySegment.copy(content, from, mapping.memory(), ValueLayout.JAVA_BYTE, address, length);
    }

    /** Copies {@code length} bytes from a guest-physical address into an array, from an index on. */
    public void read(long address, byte[] content, int from, int length) {
        require(address, length);
        MemorySegment.copy(mapping.memory(), ValueLayout.JAVA_BYTE, address, content, from, length);
    }

    /** The pages of 4 KiB that may hold something; the others were never touched, and are zero. */
    public BitSet touchedPages() {
        return PageMap.existing(mapping.memory());
    }

    /** Whether all {@code length} bytes from a guest-physical address, at most 4096, are zero. */
    public boolean isZero(long address, int length) {
        require(address, length);
        return MemorySegment.mismatch(mapping.memory(), address, address + length, ZEROS, 0, length) < 0;
    }

    /** Writes 64 bits to a guest-physical address. */
    public void writeLong(long address, long value) {
        mapping.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }

    /** Copies {@code length} bytes from a guest-physical address. */
    @Override
    public byte[] read(long address, int length) {
        require(address, length);
        return mapping.memory().asSlice(address, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Reads 32 bits from a guest-physical address. */
    @Override
    public int readInt(long address) {
        return mapping.memory().get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    /** Reads 64 bits from a guest-physical address. */
    @Override
    public long readLong(long address) {
        return mapping.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    /**
     * Reads 32 bits that the guest may be writing (volatile access).
     *
     * @param address guest-physical, a multiple of 4
     */
    public int readCounter(long address) {
        return (int) COUNTER.getVolatile(mapping.memory(), address);
    }

    /**
     * Reads 64 bits that the guest may be writing (volatile access).
     *
     * @param address guest-physical, a multiple of 8
     */
    public long readLongCounter(long address) {
        return (long) LONG_COUNTER.getVolatile(mapping.memory(), address);
    }

    /** The address in this process, for {@code KVM_SET_USER_MEMORY_REGION}. */
    long hostAddress() {
        return mapping.memory().address();
    }

    /** Unmaps the memory. After the VM that uses it was closed. A second call does nothing. */
    @Override
    public void close() {
        mapping.close();
    }
}
