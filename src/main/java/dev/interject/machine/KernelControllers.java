package dev.interject.machine;

import java.util.Optional;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.kvm.PicChip;
import dev.interject.kvm.VirtualMachine;

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
}
