package dev.interject.experiment.restore;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.PieceOrder;

/**
 * What is saved and restored.
 *
 * @param situations in which guests are saved
 * @param irqchips   where their interrupt controllers live; a situation that needs others is left out
 * @param order      in which the pieces are restored
 * @param count      how many times each is saved and restored: the n-th time n − 1 instructions after the situation, as
 *                   far as the guest does not sleep
 * @param all        whether each change of the order is tried as well, once
 * @param vcpus      how many each guest has at least; what those do that a situation does not need is up to the guest
 * @param timeout    of all; empty for the usual one
 */
public record RestorePlan(List<PendingSituation> situations, Set<Irqchip> irqchips, PieceOrder order, int count,
        boolean all, int vcpus, Optional<Duration> timeout) {

    /** How many times at most. */
    public static final int MOST = 100_000;
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final Duration FOR_EACH = Duration.ofSeconds(2);
    private static final Duration FOR_ALL = Duration.ofMinutes(30);

    /** With as many vCPUs as each situation needs. */
    public RestorePlan(List<PendingSituation> situations, Set<Irqchip> irqchips, PieceOrder order, int count,
            boolean all, Optional<Duration> timeout) {
        this(situations, irqchips, order, count, all, 1, timeout);
    }

    /** @throws InvalidValueException if the count or the vCPUs are out of range, or no situation is left */
    public RestorePlan {
        situations = List.copyOf(situations);
        InvalidValueException.requireWithin("vcpus", vcpus, 1, MemoryMap.MOST_VCPUS);
        Set<Irqchip> some = new HashSet<>(irqchips);
        if (vcpus > 1 && some.size() > 1) {
            some.remove(Irqchip.USERSPACE); // without a LAPIC there is one vCPU
        }
        irqchips = Set.copyOf(some);
        InvalidValueException.requireWithin("count", count, 1, MOST);
        Set<Irqchip> wanted = irqchips;
        if (vcpus > 1 && irqchips.contains(Irqchip.USERSPACE)) {
            throw new InvalidValueException("vcpus", "must be 1 with irqchip userspace");
        }
        if (situations.stream().noneMatch(situation -> situation.irqchips().stream().anyMatch(wanted::contains))) {
            throw new InvalidValueException("irqchip", "must be one of the situation's: " + situations.getFirst()
                    .irqchips());
        }
    }

    /** The time limit. */
    public Duration effectiveTimeout() {
        return timeout.orElse(all ? FOR_ALL
                : USUAL.plus(FOR_EACH.multipliedBy((long) count * situations.size() * irqchips.size())));
    }
}
