package dev.interject.machine;

import java.util.List;
import java.util.function.UnaryOperator;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.machine.board.Controllers;
import dev.interject.machine.board.Mainboard;

/**
 * A vCPU out of the guest, whose state can be read and changed. To be used on the vCPU's thread, and only while
 * {@link VcpuHandle#freeze} lasts.
 */
public final class FrozenVcpu {

    private final VcpuContext context;
    private final Vcpu vcpu;
    private final Mainboard board;
    private final Controllers controllers;
    private final StateReader reader;
    private final List<PeerState> peers;

    /** @param peers what was read of the other vCPUs before this one was frozen */
    FrozenVcpu(VcpuContext context, Mainboard board, StateReader reader, List<PeerState> peers) {
        this.context = context;
        this.vcpu = context.vcpu();
        this.board = board;
        this.controllers = board.controllers();
        this.reader = reader;
        this.peers = peers;
    }

    /** All that the gates need; the other vCPUs as they were before this one was frozen. */
    public GuestState state() {
        return reader.read(peers);
    }

    /** Injects an interrupt; it has reached the controllers when this returns. Returns the injector's status. */
    public int inject(Injector injector) {
        int status = injector.inject();
        injector.drain();
        context.actor().nmis().request();
        return status;
    }

    /** Changes the master 8259. */
    public void master(UnaryOperator<PicState> change) {
        controllers.setPics(change.apply(controllers.master()), controllers.slave());
    }

    /** Changes the slave 8259. */
    public void slave(UnaryOperator<PicState> change) {
        controllers.setPics(controllers.master(), change.apply(controllers.slave()));
    }

    /** Changes both 8259s at once. */
    public void pics(UnaryOperator<PicState> master, UnaryOperator<PicState> slave) {
        controllers.setPics(master.apply(controllers.master()), slave.apply(controllers.slave()));
    }

    /**
     * Changes an entry of the IOAPIC's redirection table.
     *
     * @throws IllegalStateException if there is no IOAPIC
     */
    public void redirection(int pin, UnaryOperator<Redirection> change) {
        IoapicState ioapic = controllers.ioapic()
                .orElseThrow(() -> new IllegalStateException("irqchip %s has no IOAPIC".formatted(board.irqchip())));
        controllers.setRedirection(pin, change.apply(ioapic.entries().get(pin)));
    }

    /** Changes the LAPIC, which must be in the kernel. */
    public void lapic(UnaryOperator<LapicRegisters> change) {
        vcpu.setLapicRegisters(change.apply(vcpu.lapicRegisters()));
    }

    /** Changes the general-purpose registers ({@code KVM_SET_REGS}). */
    public void registers(UnaryOperator<Registers> change) {
        vcpu.setRegisters(change.apply(vcpu.registers()));
    }

    /** Sets or clears RFLAGS.IF. */
    public void interruptFlag(boolean set) {
        vcpu.setRegisters(vcpu.registers().withInterruptFlag(set));
    }

    /** Sets the interrupt shadow, as if the instruction before had been STI or MOV SS. */
    public void shadow(boolean afterSti, boolean afterMovSs) {
        events(events -> events.withShadow(afterSti, afterMovSs));
    }

    /** Changes the queued events: exception, interrupt, injected NMI, NMI mask ({@code KVM_SET_VCPU_EVENTS}). */
    public void events(UnaryOperator<VcpuEvents> change) {
        vcpu.setEvents(change.apply(vcpu.events()));
    }

    /** Changes the special registers ({@code KVM_SET_SREGS}). */
    public void special(UnaryOperator<SpecialRegisters> change) {
        vcpu.setSpecialRegisters(change.apply(vcpu.specialRegisters()));
    }

    /** {@code KVM_INTERRUPT}, whatever the guest is doing. */
    public void queue(int vector) {
        context.actor().interruptNow(vector);
    }

    /** Writes guest-physical memory. */
    public void write(long address, byte... content) {
        board.memory().write(address, content);
    }

    /** Replaces the whole GSI routing table. */
    public void routes(List<GsiRoute> table) {
        board.routes().replaceAll(table);
    }
}
