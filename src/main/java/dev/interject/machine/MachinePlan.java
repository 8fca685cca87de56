package dev.interject.machine;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinBoot;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.Bootable;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.Capability;
import dev.interject.machine.board.BuiltinPlatform;
import dev.interject.machine.board.Platform;

/**
 * What a machine consists of. {@link Machine#builder} makes one from single values.
 *
 * @param irqchip  where the interrupt controllers are to live
 * @param pit      whether the kernel is to have a PIT, which drives line 0; only with the irqchip in the kernel
 * @param guest    what is booted
 * @param platform what the guest finds around its CPUs; it also says how many vCPUs there are
 * @param needs    what KVM must have beyond what every machine needs. With {@code KVM_CAP_EXCEPTION_PAYLOAD}, it is
 *                 enabled where a guest is loaded
 */
public record MachinePlan(Irqchip irqchip, boolean pit, Bootable guest, Platform platform, Set<Capability> needs) {

    public MachinePlan {
        Objects.requireNonNull(irqchip, "irqchip");
        Objects.requireNonNull(guest, "guest");
        if (platform.vcpus() < 1 || platform.vcpus() > MemoryMap.MOST_VCPUS) {
            throw new IllegalArgumentException(
                    "vcpus must be 1 to %d, not %d".formatted(MemoryMap.MOST_VCPUS, platform.vcpus()));
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
    public static MachinePlan of(BuiltinGuest guest, Irqchip irqchip, BootParameters parameters) {
        return new MachinePlan(irqchip, guest.handles(GuestInput.PIT), guest.image(), guest.bootMode(), parameters,
                guest.needs());
    }

    /** The same, and KVM must have these as well. */
    public MachinePlan needing(Set<Capability> more) {
        Set<Capability> all = new HashSet<>(needs);
        all.addAll(more);
        return new MachinePlan(irqchip, pit, guest, platform, all);
    }

    /** A guest with the memory layout of the built-in ones. */
    public MachinePlan(Irqchip irqchip, boolean pit, GuestImage image, BootMode bootMode, BootParameters parameters,
            Set<Capability> needs) {
        this(irqchip, pit, new BuiltinBoot(image, bootMode), new BuiltinPlatform(parameters), needs);
    }

    /** Without a PIT, and with what every KVM has. */
    public MachinePlan(Irqchip irqchip, GuestImage image, BootMode bootMode, BootParameters parameters) {
        this(irqchip, false, image, bootMode, parameters, Set.of());
    }
}
