package dev.interject.kvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_run;

/** A port access of the guest ({@code KVM_EXIT_IO}); a string instruction makes several at once. */
public final class PortIo {

    private static final int BITS_A_BYTE = 8;
    private static final int BYTE = 0xff;
    private static final int WORD = 0xffff;

    // shifts of direction, size, port and count in the first eight bytes, which are read at once
    private static final int DIRECTION = shift(kvm_run.io.direction$offset());
    private static final int SIZE = shift(kvm_run.io.size$offset());
    private static final int PORT = shift(kvm_run.io.port$offset());
    private static final int COUNT = shift(kvm_run.io.count$offset());

    private final MemorySegment run;
    private final MemorySegment io;
    private long head;
    private long dataOffset;

    PortIo(MemorySegment run) {
        this.run = run;
        this.io = kvm_run.io(run);
    }

    private static int shift(long offset) {
        return (int) offset * BITS_A_BYTE;
    }

    /**
     * Reads the access from {@code kvm_run}, once until the next run: a read of foreign memory takes some tens of
     * nanoseconds before the optimizing compiler has compiled it.
     */
    void read() {
        head = io.get(ValueLayout.JAVA_LONG, 0);
        dataOffset = kvm_run.io.data_offset(io);
    }

    /** Whether it is an OUT; otherwise it is an IN. */
    public boolean isWrite() {
        return ((int) (head >> DIRECTION) & BYTE) == NativeHeaders.KVM_EXIT_IO_OUT();
    }

    /** The port, 0 to 0xffff. */
    public int port() {
        return (int) (head >> PORT) & WORD;
    }

    /** The number of bytes of each access: 1, 2 or 4. */
    public int width() {
        return (int) (head >> SIZE) & BYTE;
    }

    /** The number of accesses; more than 1 only for string instructions. */
    public int count() {
        return (int) (head >> COUNT);
    }

    /** What the guest writes with access {@code index}, in the low {@link #width} bytes. */
    public int value(int index) {
        long offset = offset(index);
        return switch (width()) {
            case 1 -> Byte.toUnsignedInt(run.get(ValueLayout.JAVA_BYTE, offset));
            case 2 -> Short.toUnsignedInt(run.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset));
            default -> run.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
        };
    }

    /** Sets what the guest reads with access {@code index}, in the low {@link #width} bytes. */
    public void answer(int index, int value) {
        long offset = offset(index);
        switch (width()) {
            case 1 -> run.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
            case 2 -> run.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) value);
            default -> run.set(ValueLayout.JAVA_INT_UNALIGNED, offset, value);
        }
    }

    private long offset(int index) {
        return dataOffset + (long) index * width();
    }
}
