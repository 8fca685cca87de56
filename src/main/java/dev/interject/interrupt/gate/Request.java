package dev.interject.interrupt.gate;

import dev.interject.interrupt.Irqchip;

/** The call that injects an interrupt. */
public interface Request {

    /** The ioctl with this irqchip, or the name of the device in the kernel that interrupts. */
    String request(Irqchip irqchip);

    /** The error that KVM returns if no interrupt controller is in the kernel. */
    String withoutIrqchip();
}
