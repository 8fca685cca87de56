package dev.interject.machine;

import dev.interject.guest.BootMode;
import dev.interject.guest.GuestImage;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.Orders;
import dev.interject.interrupt.Irqchip;

/**
 * What a machine is to be made of.
 *
 * @param irqchip  where the interrupt controllers are to live
 * @param pit      whether the kernel is to have a PIT, which drives line 0; only with the irqchip in the kernel
 * @param image    the guest
 * @param bootMode the state in which its first instruction finds vCPU 0
 * @param orders   what it is told, also of how many vCPUs there are
 */
public record MachinePlan(Irqchip irqchip, boolean pit, GuestImage image, BootMode bootMode, Orders orders) {

    public MachinePlan {
        if (orders.vcpus() < 1 || orders.vcpus() > MemoryMap.MOST_VCPUS) {
            throw new IllegalArgumentException(
                    "a machine has 1 to %d vCPUs, not %d".formatted(MemoryMap.MOST_VCPUS, orders.vcpus()));
        }
    }

    /** Without a PIT. */
    public MachinePlan(Irqchip irqchip, GuestImage image, BootMode bootMode, Orders orders) {
        this(irqchip, false, image, bootMode, orders);
    }
}
