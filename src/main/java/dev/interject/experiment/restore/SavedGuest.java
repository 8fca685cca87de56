package dev.interject.experiment.restore;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.situation.Aftermath;
import dev.interject.experiment.situation.Counted;
import dev.interject.experiment.situation.Expected;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.experiment.situation.StagedGuest;
import dev.interject.experiment.situation.Staging;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.SavedPiece;
import dev.interject.machine.snapshot.Snapshot;

/**
 * A guest that was saved in a situation; its machine is closed.
 *
 * @param at      the instruction that vCPU 0 was about to execute, as a symbol
 * @param raised  the lines that a device held high
 * @param counted what its handlers had counted
 * @param expected how often each handler has run when all is over
 * @param anywhere whether it may be taken at any instruction
 * @param slower  by which factor the period of its timer is longer
 * @param due     when a timer is due, by the guest's time-stamp counter; empty if none is armed for one tick
 */
public record SavedGuest(PendingSituation situation, Irqchip irqchip, Snapshot snapshot, String at, Set<Integer> raised,
        Counted counted, int slower, OptionalLong due, List<Expected> expected, boolean anywhere) {

    private static final int ATTEMPTS = 12;

    /** Copies the collections. */
    public SavedGuest {
        raised = Set.copyOf(raised);
        expected = List.copyOf(expected);
    }

    /**
     * Brings a guest into a situation, saves it, and closes its machine.
     *
     * @param vcpus how many it has at least
     * @param steps how many more instructions it executes before it is saved, unless it sleeps before
     */
    static SavedGuest save(PendingSituation situation, Irqchip irqchip, int vcpus, int steps, Deadline deadline,
            Cancellation cancellation) {
        Staging staging = situation.staging();
        return reach(situation, irqchip, vcpus, deadline, cancellation, guest -> {
            guest.step(steps);
            guest.hold();
            long rip = guest.boot().inspectCpu().registers().rip();
            Snapshot snapshot = guest.machine().transfer().save();
            if (!staging.isReached(guest)) {
                return Optional.empty(); // the timer came while it was saved
            }
            staging.signalled().ifPresent(gsi -> guest.machine().irqfds().signal(gsi));
            return Optional.of(new SavedGuest(situation, irqchip, withSignal(snapshot, staging.signalled()),
                    guest.machine().symbolAt(rip), guest.raised(), Counted.by(guest.machine()), guest.slower(),
                    due(staging, snapshot), staging.expected(), false));
        });
    }

    /**
     * Does something with a guest that is held in the situation. On a busy host its timer may come too early: then it
     * gets more time.
     *
     * @param use returns nothing if the timer has come meanwhile
     */
    private static <T> T reach(PendingSituation situation, Irqchip irqchip, int vcpus, Deadline deadline,
            Cancellation cancellation, Function<StagedGuest, Optional<T>> use) {
        Staging staging = situation.staging();
        for (int attempt = 0; attempt < ATTEMPTS && !deadline.isOver(); attempt++) {
            int slower = Math.min(1 << attempt, staging.slowest());
            try (StagedGuest guest = StagedGuest.start(staging, irqchip, vcpus, deadline, cancellation)) {
                staging.bring(guest, slower);
                guest.hold();
                Optional<T> used = staging.isReached(guest) ? use.apply(guest) : Optional.empty();
                if (used.isPresent()) {
                    return used.get();
                }
            }
        }
        throw new EndedEarlyException(Outcome.TIMED_OUT,
                "%s, %s: %s".formatted(situation, irqchip, deadline.isOver()
                        ? "the time was up before the guest was in the situation"
                        : "the timer always ticks before the guest is stopped"));
    }

    /** What a guest takes that is brought into the situation, and is neither saved nor restored. */
    static Aftermath neverSaved(PendingSituation situation, Irqchip irqchip, int vcpus, Deadline deadline,
            Cancellation cancellation) {
        return reach(situation, irqchip, vcpus, deadline, cancellation, guest -> {
            situation.staging().signalled().ifPresent(gsi -> guest.machine().irqfds().signal(gsi));
            guest.machine().irqfds().drain();
            guest.resume();
            return Optional.of(Aftermath.of(guest));
        });
    }

    /** What it must take is what another guest took. */
    SavedGuest expecting(Expectation expectation) {
        return new SavedGuest(situation, irqchip, snapshot, at, raised, counted, slower, due, expectation.expected(),
                expectation.anywhere());
    }

    /** The device's eventfd has a signal that no VM has seen. */
    private static Snapshot withSignal(Snapshot snapshot, OptionalInt gsi) {
        return gsi.isEmpty() ? snapshot : snapshot.with(SavedPiece.signalledIrqfd(gsi.getAsInt()));
    }

    private static OptionalLong due(Staging staging, Snapshot snapshot) {
        return staging.ticks() == 1 ? TimerDue.of(snapshot) : OptionalLong.empty();
    }
}
