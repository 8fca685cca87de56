package dev.interject.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.IoapicRegisters;
import dev.interject.kvm.state.PicChip;

/** Those in the kernel. */
record KernelControllers(VirtualMachine vm) implements Controllers {

    @Override
    public PicState master() {
        return StateReader.picState(vm.picRegisters(PicChip.MASTER));
    }

    @Override
    public PicState slave() {
        return StateReader.picState(vm.picRegisters(PicChip.SLAVE));
    }

    @Override
    public Optional<IoapicState> ioapic() {
        return Optional.of(StateReader.ioapicState(vm.ioapicRegisters()));
    }

    @Override
    public void setPics(PicState master, PicState slave) {
        // the slave first: as long as it asks, the kernel has the master ask, too
        vm.setPicRegisters(PicChip.SLAVE, StateReader.picRegisters(slave));
        vm.setPicRegisters(PicChip.MASTER, StateReader.picRegisters(master));
    }

    @Override
    public void setRedirection(int pin, Redirection entry) {
        IoapicRegisters registers = vm.ioapicRegisters();
        List<Long> entries = new ArrayList<>(registers.entries());
        entries.set(pin, entry.bits());
        vm.setIoapicRegisters(new IoapicRegisters(registers.irr(), entries));
    }
}
