package dev.interject.interrupt.gate;

import dev.interject.interrupt.Irqchip;

/** The call that injects an interrupt, and into what guest. */
public interface Request {

    /** The ioctl with this irqchip, or the name of the device in the kernel that interrupts. */
    String request(Irqchip irqchip);

    /** The error that KVM returns if no interrupt controller is in the kernel. */
    String withoutIrqchip();

    /** Whether the guest's handler of vector 2 is one for NMIs. */
    default boolean takesNmis() {
        return false;
    }
}
