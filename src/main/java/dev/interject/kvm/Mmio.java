package dev.interject.kvm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.kvm_run;

/** A load or store outside the guest's RAM ({@code KVM_EXIT_MMIO}). */
public final class Mmio {

    private final MemorySegment mmio;

    Mmio(MemorySegment run) {
        this.mmio = kvm_run.mmio(run);
    }

    public boolean isWrite() {
        return kvm_run.mmio.is_write(mmio) != 0;
    }

    /** Guest-physical. */
    public long address() {
        return kvm_run.mmio.phys_addr(mmio);
    }

    /** Bytes moved, 1 to 8. */
    public int width() {
        return kvm_run.mmio.len(mmio);
    }

    /** What the guest stores, in the low {@link #width} bytes. */
    public long value() {
        return kvm_run.mmio.data(mmio).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    /** What the guest is to load, in the low {@link #width} bytes. */
    public void answer(long value) {
        kvm_run.mmio.data(mmio).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
    }
}
