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

    /** Whether the guest stores; otherwise it loads. */
    public boolean isWrite() {
        return kvm_run.mmio.is_write(mmio) != 0;
    }

    /** The guest-physical address. */
    public long address() {
        return kvm_run.mmio.phys_addr(mmio);
    }

    /** The number of bytes, 1 to 8. */
    public int width() {
        return kvm_run.mmio.len(mmio);
    }

    /** What the guest stores, in the low {@link #width} bytes. */
    public long value() {
        return kvm_run.mmio.data(mmio).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    /** Sets what the guest loads, in the low {@link #width} bytes. */
    public void answer(long value) {
        kvm_run.mmio.data(mmio).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
    }
}
