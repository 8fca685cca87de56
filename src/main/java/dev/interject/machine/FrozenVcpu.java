package dev.interject.machine;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.interject.device.PicState;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Pending;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.PageWalk;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.machine.board.Controllers;
import dev.interject.machine.board.Mainboard;
import dev.interject.machine.vcpu.LinearMemory;

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
    private final PageTables pageTables;

    /** @param peers what was read of the other vCPUs before this one was frozen */
    FrozenVcpu(VcpuContext context, Mainboard board, StateReader reader, List<PeerState> peers,
            PageTables pageTables) {
        this.context = context;
        this.vcpu = context.vcpu();
        this.board = board;
        this.controllers = board.controllers();
        this.reader = reader;
        this.peers = peers;
        this.pageTables = pageTables;
    }

    /** All that the gates need; the other vCPUs as they were before this one was frozen. */
    public GuestState state() {
        return reader.read(peers);
    }

    /** What waits at it now, at little cost. */
    public Pending pending() {
        return reader.pending();
    }

    /** Injects an interrupt; it has reached the controllers when this returns. Returns the injector's status. */
    public int inject(Injector injector) {
        int status = injector.inject();
        injector.drain();
        context.actor().nmis().request();
        return status;
    }

    /** The master 8259. */
    public PicState master() {
        return controllers.master();
    }

    /** The slave 8259. */
    public PicState slave() {
        return controllers.slave();
    }

    /** The 8254, if there is one in the kernel ({@code KVM_GET_PIT2}). */
    public Optional<PitState> pit() {
        return controllers.pit();
    }

    /** An entry of the IOAPIC's redirection table, if there is an IOAPIC. */
    public Optional<Redirection> redirection(int pin) {
        return controllers.ioapic().map(ioapic -> ioapic.entries().get(pin));
    }

    /** The LAPIC, which must be in the kernel. */
    public LapicRegisters lapic() {
        return vcpu.lapicRegisters();
    }

    /** IA32_TSC_DEADLINE; the LAPIC must be in the kernel. */
    public long deadline() {
        return vcpu.timeStampCounter().deadline();
    }

    /** The whole GSI routing table. */
    public List<GsiRoute> routes() {
        return board.routes().routes();
    }

    /** The general-purpose registers. */
    public Registers registers() {
        return vcpu.registers();
    }

    /** The special registers. */
    public SpecialRegisters special() {
        return vcpu.specialRegisters();
    }

    /** The queued events and the interrupt shadow. */
    public VcpuEvents events() {
        VcpuEvents events = vcpu.events();
        return events.withNmisPending(context.actor().nmis().pending(events));
    }

    /** Whether the vCPU runs or waits, as KVM reports it. */
    public MpState activity() {
        return vcpu.mpState();
    }

    /** Changes the master 8259. A periodic PIT in the kernel starts its count again. */
    public void master(UnaryOperator<PicState> change) {
        controllers.changePics(change, UnaryOperator.identity());
    }

    /** Changes the slave 8259. A periodic PIT in the kernel starts its count again. */
    public void slave(UnaryOperator<PicState> change) {
        controllers.changePics(UnaryOperator.identity(), change);
    }

    /**
     * Changes an entry of the IOAPIC's redirection table.
     *
     * @throws IllegalStateException if there is no IOAPIC
     */
    public void redirection(int pin, UnaryOperator<Redirection> change) {
        Redirection entry = redirection(pin)
                .orElseThrow(() -> new IllegalStateException("irqchip %s has no IOAPIC".formatted(board.irqchip())));
        controllers.setRedirection(pin, change.apply(entry));
    }

    /**
     * Changes the PIT, whose channels then start to count ({@code KVM_SET_PIT2}).
     *
     * @throws IllegalStateException if there is no PIT in the kernel
     */
    public void pit(UnaryOperator<PitState> change) {
        PitState pit = controllers.pit()
                .orElseThrow(() -> new IllegalStateException("this machine has no PIT in the kernel"));
        controllers.setPit(change.apply(pit));
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

    /** Changes the special registers ({@code KVM_SET_SREGS}). */
    public void special(UnaryOperator<SpecialRegisters> change) {
        vcpu.setSpecialRegisters(change.apply(vcpu.specialRegisters()));
    }

    /**
     * Changes the queued events, the NMI mask and the interrupt shadow ({@code KVM_SET_VCPU_EVENTS}), but not how many
     * NMIs are pending.
     */
    public void events(UnaryOperator<VcpuEvents> change) {
        vcpu.setEvents(change.apply(vcpu.events()));
    }

    /** Sets how many NMIs are pending, 0 to 2 ({@code KVM_SET_VCPU_EVENTS}). */
    public void pendingNmis(int pending) {
        vcpu.setPendingNmis(pending);
        context.actor().nmis().set(pending);
    }

    /** Changes whether the vCPU runs or waits ({@code KVM_SET_MP_STATE}); the LAPIC must be in the kernel. */
    public void activity(MpState state) {
        vcpu.setMpState(state);
    }

    /** {@code KVM_INTERRUPT}, whatever the guest is doing. */
    public void interrupt(int vector) {
        context.actor().interruptNow(vector);
    }

    /** Ends HLT, as an event does that is delivered. */
    public void wake() {
        if (board.irqchip().hasLapicInKernel()) {
            if (vcpu.mpState() == MpState.HALTED) {
                vcpu.setMpState(MpState.RUNNABLE);
            }
        } else {
            context.actor().sleep().setHalted(false);
        }
    }

    /** Sets IA32_TSC_DEADLINE; the LAPIC must be in the kernel, with its timer in that mode. */
    public void deadline(long counter) {
        vcpu.timeStampCounter().setDeadline(counter);
    }

    /** Reads memory at a linear address; fewer bytes if the rest is not mapped or not RAM. */
    public byte[] readLinear(long address, int length) {
        return new LinearMemory(vcpu, board.memory()).read(vcpu.specialRegisters(), address, length);
    }

    /** Writes memory at a linear address; returns whether all of it is mapped to RAM. */
    public boolean writeLinear(long address, byte... content) {
        SpecialRegisters special = vcpu.specialRegisters();
        LinearMemory memory = new LinearMemory(vcpu, board.memory());
        boolean written = true;
        for (int i = 0; i < content.length; i++) {
            written &= memory.write(special, address + i, content[i]);
        }
        return written;
    }

    /** What the page tables say of the page that contains a linear address. */
    public Page page(long linear) {
        return new PageWalk(board.memory(), vcpu.specialRegisters(), context.width().bits()).page(linear);
    }

    /**
     * Changes the page of 4 KiB that contains a linear address, in a copy of the vCPU's page tables of long mode. Large
     * pages are split. The copy is in memory that no vCPU of a built-in guest uses.
     *
     * @throws IllegalStateException if a level above has no entry for the page, or there is no memory for the copy
     */
    public void page(long linear, UnaryOperator<Page> change) {
        SpecialRegisters special = vcpu.specialRegisters();
        vcpu.setSpecialRegisters(special.withCr3(pageTables.change(special, linear, change)));
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
