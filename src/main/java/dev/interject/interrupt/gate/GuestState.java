package dev.interject.interrupt.gate;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;

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

    /** Whether the line, 0–23, is high. KVM reports the level of the 8259s' lines only. */
    public boolean isHigh(int line) {
        return IsaLine.exists(line) && irqchip == Irqchip.KERNEL
                ? (controllers.chip(line).lastIrr() & ControllerState.bit(line)) != 0
                : (controllers.linesHigh() & 1 << line) != 0;
    }

    /** Whether a maskable interrupt would be taken now. */
    public boolean isOpen() {
        // with a LAPIC in the kernel, "ready" concerns the 8259s' vectors only
        return cpu.acceptsInterrupts() && (cpu.ready() || irqchip.hasLapicInKernel());
    }
}
