package dev.interject.machine.board;

import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.interject.device.Ioapic;
import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.VirtualMachine;

/** The state of the controllers that all vCPUs of a machine share, wherever they live. */
public interface Controllers {

    /** Has the kernel make those that are to be in it. Before any vCPU. */
    static void make(VirtualMachine vm, Irqchip irqchip, boolean pit) {
        switch (irqchip) {
            case KERNEL -> {
                vm.createIrqchip();
                if (pit) {
                    vm.createPit();
                }
            }
            case USERSPACE -> {
                // all controllers are in this process
            }
            case SPLIT -> vm.enableSplitIrqchip(Ioapic.PINS);
        }
    }

    PicState master();

    PicState slave();

    void setPics(PicState master, PicState slave);

    /** Changes the 8259s, without losing a tick of the PIT meanwhile. */
    default void changePics(UnaryOperator<PicState> master, UnaryOperator<PicState> slave) {
        setPics(master.apply(master()), slave.apply(slave()));
    }

    /** There must be an IOAPIC. */
    void setRedirection(int pin, Redirection entry);

    /** Empty if there is none: a machine with all controllers in this process has 8259s only. */
    Optional<IoapicState> ioapic();

    /** Empty if there is none: only a kernel with all controllers has one, if the machine wants it. */
    Optional<PitState> pit();

    /** Sets the PIT, which there must be; its channels start to count. */
    void setPit(PitState state);
}
