package dev.interject.interrupt.state;

import dev.interject.interrupt.Irqchip;

/**
 * The state that the gates depend on: a vCPU and its interrupt controllers, read between two instructions.
 *
 * @param irqchip     where the controllers live, as KVM reports it
 * @param vcpu        the vCPU's number, from 0; also its APIC ID
 * @param vcpus       how many the machine has
 * @param cpu         the vCPU
 * @param controllers the controllers
 */
public record GuestState(Irqchip irqchip, int vcpu, int vcpus, CpuState cpu, ControllerState controllers) {

    /** Whether a maskable interrupt would be taken now. */
    public boolean isOpen() {
        // with a LAPIC in the kernel, "ready" concerns the 8259s' vectors only
        return cpu.acceptsInterrupts() && (cpu.ready() || irqchip.hasLapicInKernel());
    }
}
