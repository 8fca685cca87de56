package dev.interject.machine;

import java.util.Optional;

import dev.interject.device.Ioapic;
import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.kvm.VirtualMachine;

/** What can be seen of the controllers that all vCPUs of a machine share, wherever they live. */
interface Controllers {

    /** Has the kernel make those that are to be in it. Before any vCPU. */
    static void make(VirtualMachine vm, MachinePlan plan) {
        switch (plan.irqchip()) {
            case KERNEL -> {
                vm.createIrqchip();
                if (plan.pit()) {
                    vm.createPit();
                }
            }
            case USERSPACE -> {
                // all controllers are ours
            }
            case SPLIT -> vm.enableSplitIrqchip(Ioapic.PINS);
        }
    }

    PicState master();

    PicState slave();

    void setPics(PicState master, PicState slave);

    /** Only where there is an IOAPIC. */
    void setRedirection(int pin, Redirection entry);

    /** Empty where there is none: a machine whose controllers are all ours has 8259s only. */
    Optional<IoapicState> ioapic();
}
