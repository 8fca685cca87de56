package dev.interject.machine;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.inject.Injector;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.machine.vcpu.VcpuThread;

/**
 * A vCPU that is out of the guest, and whose state can be looked at and changed by hand: what a guest would need code
 * for, and more. On the vCPU's thread, and only as long as {@link Machine#frozen} lasts.
 */
public final class FrozenVcpu {

    private final Vcpu vcpu;
    private final VcpuThread thread;
    private final Controllers controllers;
    private final RoutingTable routes;
    private final GuestMemory memory;
    private final Supplier<GuestState> look;

    FrozenVcpu(VcpuContext processor, Controllers controllers, RoutingTable routes, GuestMemory memory,
            Supplier<GuestState> look) {
        this.vcpu = processor.vcpu();
        this.thread = processor.thread();
        this.controllers = controllers;
        this.routes = routes;
        this.memory = memory;
        this.look = look;
    }

    /** All that the gates look at. */
    public GuestState state() {
        return look.get();
    }

    /** Hands an interrupt over, so that it has reached the controllers when this returns. */
    public int inject(Injector injector) {
        int status = injector.inject();
        injector.drain();
        thread.nmis().ask();
        return status;
    }

    public void master(UnaryOperator<PicState> change) {
        controllers.setPics(change.apply(controllers.master()), controllers.slave());
    }

    public void slave(UnaryOperator<PicState> change) {
        controllers.setPics(controllers.master(), change.apply(controllers.slave()));
    }

    /** Both the 8259s, each by its own change, in one go. */
    public void pics(UnaryOperator<PicState> master, UnaryOperator<PicState> slave) {
        controllers.setPics(master.apply(controllers.master()), slave.apply(controllers.slave()));
    }

    public void redirection(int pin, UnaryOperator<Redirection> change) {
        controllers.setRedirection(pin, change.apply(controllers.ioapic().orElseThrow().entries().get(pin)));
    }

    /** With a LAPIC in the kernel. */
    public void lapic(UnaryOperator<LapicRegisters> change) {
        vcpu.setLapicRegisters(change.apply(vcpu.lapicRegisters()));
    }

    /** RFLAGS.IF. */
    public void interruptFlag(boolean set) {
        vcpu.setRegisters(vcpu.registers().withInterruptFlag(set));
    }

    /** The shadow of STI or MOV SS, as if the instruction before had been one. */
    public void shadow(boolean afterSti, boolean afterMovSs) {
        vcpu.setEvents(vcpu.events().withShadow(afterSti, afterMovSs));
    }

    public void special(UnaryOperator<SpecialRegisters> change) {
        vcpu.setSpecialRegisters(change.apply(vcpu.specialRegisters()));
    }

    /** {@code KVM_INTERRUPT}, whatever the guest is doing. */
    public void queue(int vector) {
        vcpu.interrupt(vector);
    }

    /** Writes guest-physical memory. */
    public void write(long address, byte... content) {
        memory.write(address, content);
    }

    /** Lets no GSI lead anywhere. */
    public void clearRoutes() {
        routes.clear();
    }
}
