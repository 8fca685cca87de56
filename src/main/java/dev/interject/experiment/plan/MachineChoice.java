package dev.interject.experiment.plan;

import static dev.interject.experiment.InvalidValueException.requireWithin;
import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;

/**
 * The machine of a run.
 *
 * @param irqchip where the interrupt controllers live
 * @param guest   empty: one that suits the path and the number of vCPUs
 * @param vcpus   how many there are, 1 to 32
 * @param to      the target vCPU; empty: the one that a message's address names, or the first
 * @param situation what is set in the guest before the first interrupt
 */
public record MachineChoice(Irqchip irqchip, Optional<BuiltinGuest> guest, int vcpus, OptionalInt to,
        Situation situation) {

    /** @throws IllegalArgumentException where a value is out of its range */
    public MachineChoice {
        requireNonNull(irqchip, "irqchip");
        requireNonNull(guest, "guest");
        requireNonNull(situation, "situation");
        requireWithin("vcpus", vcpus, 1, MemoryMap.MOST_VCPUS);
        if (requireNonNull(to, "to").isPresent() && (to.getAsInt() < 0 || to.getAsInt() >= vcpus)) {
            throw new IllegalArgumentException(
                    "there is no vCPU %d: the guest has %d, numbered from 0".formatted(to.getAsInt(), vcpus));
        }
    }

    /** One vCPU and the guest that suits the path. */
    public static MachineChoice of(Irqchip irqchip) {
        return new MachineChoice(irqchip, Optional.empty(), 1, OptionalInt.empty(), Situation.NONE);
    }

    /** One vCPU. */
    public static MachineChoice of(Irqchip irqchip, BuiltinGuest guest) {
        return new MachineChoice(irqchip, Optional.of(guest), 1, OptionalInt.empty(), Situation.NONE);
    }

    /** The same with several vCPUs, one of which is the target. */
    public MachineChoice withVcpus(int count, int target) {
        return new MachineChoice(irqchip, guest, count, OptionalInt.of(target), situation);
    }

    /** The same with something else set in the guest. */
    public MachineChoice with(Situation other) {
        return new MachineChoice(irqchip, guest, vcpus, to, other);
    }
}
