package dev.interject.interrupt;

import java.util.Locale;

import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;

/** Where a VM's interrupt controllers live. */
public enum Irqchip {
    /** PIC, IOAPIC and LAPIC in KVM: the modern way. */
    KERNEL,
    /** LAPIC in KVM, the rest here. */
    SPLIT,
    /** All of them here: the legacy way. */
    USERSPACE;

    /**
     * Finds out by asking the kernel about the VM at hand, not by remembering how it was made. While the
     * vCPU does not run.
     */
    public static Irqchip detect(VirtualMachine vm, Vcpu vcpu) {
        if (vm.hasPicInKernel()) {
            return KERNEL;
        }
        return vcpu.hasLapicInKernel() ? SPLIT : USERSPACE;
    }

    /** Whether messages and IPIs have somewhere to go. */
    public boolean hasLapicInKernel() {
        return this != USERSPACE;
    }

    /** The word used in options, text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
