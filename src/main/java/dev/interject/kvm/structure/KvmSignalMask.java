package dev.interject.kvm.structure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.kvm_signal_mask;

/** Writes {@code struct kvm_signal_mask}. */
public final class KvmSignalMask {

    /** The kernel's signal set has 64 bits, unlike glibc's of 1024. */
    private static final int KERNEL_SIGSET_BYTES = Long.BYTES;

    private KvmSignalMask() {}

    /**
     * A structure with this mask.
     *
     * @param mask bit n−1 blocks signal n
     */
    public static MemorySegment of(Arena arena, long mask) {
        MemorySegment structure = arena.allocate(kvm_signal_mask.sigset$offset() + KERNEL_SIGSET_BYTES,
                kvm_signal_mask.layout().byteAlignment());
        kvm_signal_mask.len(structure, KERNEL_SIGSET_BYTES);
        structure.set(ValueLayout.JAVA_LONG_UNALIGNED, kvm_signal_mask.sigset$offset(), mask);
        return structure;
    }
}
