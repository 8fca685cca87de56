package dev.interject.interrupt.state;

import java.util.Set;

import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;

/**
 * A vCPU between two instructions.
 *
 * @param activity  whether it runs, waits or was never started; {@code RUNNABLE} without a LAPIC in the kernel
 * @param registers general-purpose registers
 * @param special   segment, descriptor-table and control registers
 * @param events    queued events and the interrupt shadow
 * @param ready     {@code ready_for_interrupt_injection} of the last {@code KVM_RUN}; always true with irqchip kernel
 * @param halted    whether it sleeps in HLT
 * @param tables    the contents of its descriptor tables
 * @param pages     the pages of stacks, handlers and the next instruction
 * @param unknown   what of it, and of its LAPIC, is not known
 */
public record CpuState(MpState activity, Registers registers, SpecialRegisters special, VcpuEvents events,
        boolean ready, boolean halted, DescriptorTables tables, Pages pages, Set<Piece> unknown) {

    public CpuState {
        unknown = Set.copyOf(unknown);
    }

    /** A vCPU of which everything is known. */
    public CpuState(MpState activity, Registers registers, SpecialRegisters special, VcpuEvents events, boolean ready,
            boolean halted, DescriptorTables tables, Pages pages) {
        this(activity, registers, special, events, ready, halted, tables, pages, Set.of());
    }

    /** Whether a piece is not known. */
    public boolean lacks(Piece piece) {
        return unknown.contains(piece);
    }

    /** Whether the vCPU runs code; all but the first wait until the guest starts them. */
    public boolean isStarted() {
        return activity != MpState.UNINITIALIZED && activity != MpState.INIT_RECEIVED
                && activity != MpState.SIPI_RECEIVED;
    }

    /** The same vCPU with the pages that were looked up for it. */
    public CpuState withPages(Pages lookedUp) {
        return new CpuState(activity, registers, special, events, ready, halted, tables, lookedUp, unknown);
    }

    /** Whether RFLAGS.IF is 1, no interrupt shadow is active, and nothing is queued that is delivered first. */
    public boolean acceptsInterrupts() {
        return registers.interruptFlag() && !events.inShadow() && !events.interruptInjected()
                && events.exception().isEmpty() && !events.nmiComesNext() && !events.smiPending();
    }
}
