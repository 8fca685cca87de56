package dev.interject.machine.board;

import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.inject.LineLevels;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.PicChip;

/**
 * The controllers in the kernel.
 *
 * @param levels the lines that are held high
 */
record KernelControllers(VirtualMachine vm, LineLevels levels) implements Controllers {

    @Override
    public PicState master() {
        return vm.picState(PicChip.MASTER);
    }

    @Override
    public PicState slave() {
        return vm.picState(PicChip.SLAVE);
    }

    @Override
    public Optional<IoapicState> ioapic() {
        return Optional.of(vm.ioapicState());
    }

    @Override
    public void setPics(PicState master, PicState slave) {
        // the slave first: while it requests an interrupt, the kernel raises the master's input
        vm.setPicState(PicChip.SLAVE, slave);
        vm.setPicState(PicChip.MASTER, master);
    }

    /**
     * {@code KVM_SET_IRQCHIP} would undo a tick that came since {@code KVM_GET_IRQCHIP}, and KVM would wait for its
     * EOI: no tick would follow. So a periodic PIT is stopped meanwhile, and its count starts again.
     */
    @Override
    public void changePics(UnaryOperator<PicState> master, UnaryOperator<PicState> slave) {
        Optional<PitState> ticking = pit().filter(pit -> pit.timer().isPeriodic());
        ticking.ifPresent(pit -> setPit(pit.withTimer(pit.timer().withMode(PitChannel.NO_MODE))));
        Controllers.super.changePics(master, slave);
        ticking.ifPresent(this::setPit);
    }

    @Override
    public void setRedirection(int pin, Redirection entry) {
        vm.setIoapicState(vm.ioapicState().withEntry(pin, entry));
        levels.forget(); // as KVM_SET_IRQCHIP does: a pin is high only if its IRR bit is set
    }

    @Override
    public Optional<PitState> pit() {
        return vm.hasPit() ? Optional.of(vm.pitState()) : Optional.empty();
    }

    @Override
    public void setPit(PitState state) {
        vm.setPitState(state);
    }
}
