package dev.interject.machine.board;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.IoapicRegisters;
import dev.interject.kvm.state.PicChip;
import dev.interject.kvm.state.PicRegisters;

/** The controllers in the kernel. */
record KernelControllers(VirtualMachine vm) implements Controllers {

    @Override
    public PicState master() {
        return picState(vm.picRegisters(PicChip.MASTER));
    }

    @Override
    public PicState slave() {
        return picState(vm.picRegisters(PicChip.SLAVE));
    }

    @Override
    public Optional<IoapicState> ioapic() {
        return Optional.of(ioapicState(vm.ioapicRegisters()));
    }

    @Override
    public void setPics(PicState master, PicState slave) {
        // the slave first: while it requests an interrupt, the kernel raises the master's input
        vm.setPicRegisters(PicChip.SLAVE, picRegisters(slave));
        vm.setPicRegisters(PicChip.MASTER, picRegisters(master));
    }

    @Override
    public void setRedirection(int pin, Redirection entry) {
        IoapicRegisters registers = vm.ioapicRegisters();
        List<Long> entries = new ArrayList<>(registers.entries());
        entries.set(pin, entry.bits());
        vm.setIoapicRegisters(new IoapicRegisters(registers.irr(), entries));
    }

    private static IoapicState ioapicState(IoapicRegisters ioapic) {
        return new IoapicState(ioapic.irr(), ioapic.entries().stream().map(Redirection::new).toList());
    }

    private static PicState picState(PicRegisters pic) {
        return new PicState(pic.lastIrr(), pic.irr(), pic.imr(), pic.isr(), pic.priorityAdd(), pic.irqBase(),
                pic.readRegSelect() != 0, pic.poll() != 0, pic.specialMask() != 0, pic.initState(), pic.autoEoi() != 0,
                pic.rotateOnAutoEoi() != 0, pic.specialFullyNestedMode() != 0, pic.init4() != 0, pic.elcr(),
                pic.elcrMask());
    }

    private static PicRegisters picRegisters(PicState pic) {
        return new PicRegisters(pic.lastIrr(), pic.irr(), pic.imr(), pic.isr(), pic.priorityAdd(), pic.irqBase(),
                bit(pic.readRegSelect()), bit(pic.poll()), bit(pic.specialMask()), pic.initState(), bit(pic.autoEoi()),
                bit(pic.rotateOnAutoEoi()), bit(pic.specialFullyNested()), bit(pic.init4()), pic.elcr(),
                pic.elcrMask());
    }

    private static int bit(boolean set) {
        return set ? 1 : 0;
    }
}
