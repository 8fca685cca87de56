package dev.interject.kvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

import dev.interject.linux.Mapping;

/**
 * A guest's RAM, from guest-physical address 0 up. Every access is checked against its bounds; values are little-endian
 * and need not be aligned.
 *
 * <p>The guest writes it at the same time: {@link #readCounter} and {@link #readLongCounter} are for words that both
 * sides look at.
 */
public final class GuestMemory implements AutoCloseable {

    private static final VarHandle COUNTER = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG_COUNTER = ValueLayout.JAVA_LONG.varHandle();

    private final Mapping mapping;

    private GuestMemory(Mapping mapping) {
        this.mapping = mapping;
    }

    /**
     * Zeroed RAM; a page takes up host memory only once it is touched.
     *
     * @param bytes size, a multiple of 4096
     */
    public static GuestMemory ofBytes(long bytes) {
        return new GuestMemory(Mapping.anonymous(bytes));
    }

    public long bytes() {
        return mapping.memory().byteSize();
    }

    /** Whether all {@code length} bytes from {@code address} lie in this memory; total for any two numbers. */
    public boolean contains(long address, long length) {
        return address >= 0 && length >= 0 && address <= bytes() - length;
    }

    /** @throws IndexOutOfBoundsException outside the guest's memory, as do all accesses here */
    public void write(long address, byte[] content) {
        MemorySegment.copy(content, 0, mapping.memory(), ValueLayout.JAVA_BYTE, address, content.length);
    }

    public void writeLong(long address, long value) {
        mapping.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }

    public byte[] read(long address, int length) {
        return mapping.memory().asSlice(address, length).toArray(ValueLayout.JAVA_BYTE);
    }

    public int readInt(long address) {
        return mapping.memory().get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    public long readLong(long address) {
        return mapping.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    /** A 32-bit word at an address divisible by 4 that the guest may be writing right now. */
    public int readCounter(long address) {
        return (int) COUNTER.getVolatile(mapping.memory(), address);
    }

    /** The same of 64 bits, at an address divisible by 8. */
    public long readLongCounter(long address) {
        return (long) LONG_COUNTER.getVolatile(mapping.memory(), address);
    }

    /** The address in this process, for {@code KVM_SET_USER_MEMORY_REGION}. */
    long hostAddress() {
        return mapping.memory().address();
    }

    @Override
    public void close() {
        mapping.close();
    }
}
