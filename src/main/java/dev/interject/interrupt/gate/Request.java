package dev.interject.interrupt.gate;

import dev.interject.interrupt.Irqchip;

/** The call with which an interrupt is injected: the first thing on its path. */
public interface Request {

    /** The ioctl, with such an irqchip; or what stands for one in the kernel. */
    String request(Irqchip irqchip);

    /** The error with which KVM answers it where no interrupt controller is in the kernel. */
    String withoutIrqchip();
}
