package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Optional;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;

/**
 * What the gates look at: a vCPU and its controllers at one moment between two instructions.
 *
 * @param irqchip   where the controllers live, as the kernel said
 * @param vcpu      which one it is, from 0; its APIC ID as well
 * @param vcpus     how many there are
 * @param activity  whether it runs, waits or was never started; told only with a LAPIC in the kernel
 * @param registers general-purpose registers
 * @param special   segment, descriptor-table and control registers
 * @param events    what is queued for the vCPU and what shadows it
 * @param ready     {@code ready_for_interrupt_injection}; always true with a PIC in the kernel
 * @param halted    the vCPU sleeps in HLT
 * @param master    the master 8259, wherever it lives
 * @param slave     the slave 8259
 * @param ioapic    the IOAPIC, where there is one
 * @param lapic     the LAPIC, where it is in the kernel
 * @param routes    where the kernel's GSIs lead
 * @param linesHigh the lines that we hold high, line n in bit n
 * @param tables    what its descriptor tables hold
 */
public record GuestState(Irqchip irqchip, int vcpu, int vcpus, MpState activity, Registers registers,
        SpecialRegisters special, VcpuEvents events, boolean ready, boolean halted, PicState master, PicState slave,
        Optional<IoapicState> ioapic, Optional<LapicRegisters> lapic, List<GsiRoute> routes, int linesHigh,
        DescriptorTables tables) {

    private static final int LINES_OF_PICS = 16;

    /** The interrupt table's bytes as the guest's page tables reach them; cut short where nothing is mapped. */
    public byte[] idt() {
        return tables.idt();
    }

    /** Whether the line is high; of the 8259s' lines these know it themselves. */
    public boolean isHigh(int line) {
        boolean known = line < LINES_OF_PICS && irqchip == Irqchip.KERNEL;
        return known ? (chip(line).lastIrr() & 1 << (line & 7)) != 0 : (linesHigh & 1 << line) != 0;
    }

    /** Whether the vCPU has begun to run; others than the first wait until the guest starts them. */
    public boolean isStarted() {
        return activity != MpState.UNINITIALIZED && activity != MpState.INIT_RECEIVED
                && activity != MpState.SIPI_RECEIVED;
    }

    /** Whether the guest has opened this GSI's pin at the IOAPIC. */
    public boolean goesThroughIoapic(int gsi) {
        return ioapic.isPresent() && gsi >= 0 && gsi < ioapic.get().entries().size()
                && !ioapic.get().entries().get(gsi).isMasked();
    }

    /** Vectors a PIC line arrives at: its chip's base plus its number there. */
    public int vectorOf(int line) {
        return line < 8 ? master.irqBase() + line : slave.irqBase() + line - 8;
    }

    /** Whether the line's request is latched in its chip and not yet taken. */
    public boolean isPending(int line) {
        return (chip(line).irr() & 1 << (line & 7)) != 0;
    }

    /** Whether the line has been acknowledged and its handler has not sent the EOI. */
    public boolean isInService(int line) {
        return (chip(line).isr() & 1 << (line & 7)) != 0;
    }

    /** Whether a maskable interrupt would be taken now: IF=1, no shadow, nothing queued. */
    public boolean isOpen() {
        // with a LAPIC in the kernel, ready is about the 8259s' vectors only
        return registers.interruptFlag() && !events.inShadow() && !events.interruptInjected()
                && (ready || irqchip.hasLapicInKernel());
    }

    PicState chip(int line) {
        return line < 8 ? master : slave;
    }
}
