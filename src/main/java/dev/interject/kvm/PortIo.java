package dev.interject.kvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_run;

/** A port access that the guest makes ({@code KVM_EXIT_IO}); a string instruction makes several at once. */
public final class PortIo {

    private final MemorySegment run;
    private final MemorySegment io;

    PortIo(MemorySegment run) {
        this.run = run;
        this.io = kvm_run.io(run);
    }

    /** OUT rather than IN. */
    public boolean isWrite() {
        return kvm_run.io.direction(io) == NativeHeaders.KVM_EXIT_IO_OUT();
    }

    /** 0 to 0xffff. */
    public int port() {
        return Short.toUnsignedInt(kvm_run.io.port(io));
    }

    /** Bytes an access moves: 1, 2 or 4. */
    public int width() {
        return kvm_run.io.size(io);
    }

    /** How many accesses; more than 1 only for string instructions. */
    public int count() {
        return kvm_run.io.count(io);
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

    /** What the guest is to read with access {@code index}, in the low {@link #width} bytes. */
    public void answer(int index, int value) {
        long offset = offset(index);
        switch (width()) {
            case 1 -> run.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
            case 2 -> run.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) value);
            default -> run.set(ValueLayout.JAVA_INT_UNALIGNED, offset, value);
        }
    }

    private long offset(int index) {
        return kvm_run.io.data_offset(io) + (long) index * width();
    }
}
