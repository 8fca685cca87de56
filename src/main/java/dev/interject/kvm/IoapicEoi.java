package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_run;

/** The EOI of a level-triggered interrupt of an IOAPIC in user space ({@code KVM_EXIT_IOAPIC_EOI}). */
public final class IoapicEoi {

    private final MemorySegment eoi;

    IoapicEoi(MemorySegment run) {
        this.eoi = kvm_run.eoi(run);
    }

    /** The vector that was ended, 0–255. */
    public int vector() {
        return Byte.toUnsignedInt(kvm_run.eoi.vector(eoi));
    }
}
