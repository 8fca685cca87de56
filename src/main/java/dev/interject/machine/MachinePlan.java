package dev.interject.machine;

import java.util.EnumSet;
import java.util.Set;

import dev.interject.guest.BootMode;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestImage;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.kvm.Capability;

/**
 * What a machine is to be made of.
 *
 * @param irqchip  where the interrupt controllers are to live
 * @param pit      whether the kernel is to have a PIT, which drives line 0; only with the irqchip in the kernel
 * @param image    the guest
 * @param bootMode the state in which its first instruction finds vCPU 0
 * @param orders   what it is told, also of how many vCPUs there are
 * @param needs    what KVM must have beyond what every machine needs
 */
public record MachinePlan(Irqchip irqchip, boolean pit, GuestImage image, BootMode bootMode, BootParameters orders,
        Set<Capability> needs) {

    public MachinePlan {
        if (orders.vcpus() < 1 || orders.vcpus() > MemoryMap.MOST_VCPUS) {
            throw new IllegalArgumentException(
                    "a machine has 1 to %d vCPUs, not %d".formatted(MemoryMap.MOST_VCPUS, orders.vcpus()));
        }
        Set<Capability> all = EnumSet.noneOf(Capability.class);
        all.addAll(needs);
        if (pit) {
            all.add(Capability.KVM_CAP_PIT2);
        }
        if (irqchip == Irqchip.SPLIT) {
            all.add(Capability.KVM_CAP_SPLIT_IRQCHIP);
        }
        needs = Set.copyOf(all);
    }

    /** What a built-in guest needs. */
    public static MachinePlan of(BuiltinGuest guest, Irqchip irqchip, BootParameters orders) {
        return new MachinePlan(irqchip, guest.paths().contains(Path.PIT), guest.image(), guest.bootMode(), orders,
                guest.needs());
    }

    /** Without a PIT, and of what every KVM has. */
    public MachinePlan(Irqchip irqchip, GuestImage image, BootMode bootMode, BootParameters orders) {
        this(irqchip, false, image, bootMode, orders, Set.of());
    }
}
