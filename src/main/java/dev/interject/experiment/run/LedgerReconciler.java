package dev.interject.experiment.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

import dev.interject.experiment.GuestPosition;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.machine.Machine;

/**
 * Finds out what became of the interrupts of a run. The guest's own count decides what was taken; for what was not, the
 * controllers are asked. All is read at one moment, with the vCPU out of the guest and nothing more on its way to it.
 */
final class LedgerReconciler {

    /** How long a handler may take to count, once the CPU has entered it, and how often the count is looked at. */
    private static final Duration HANDLER = Duration.ofMillis(100);
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    /** A level that was not let go interrupts again within this time; then it is counted, too. */
    private static final Duration LINGER = Duration.ofMillis(5);

    private final Machine machine;
    private final RunMonitor monitor;
    private final List<InterruptSource> sources;
    private final int vcpu;
    /** By vector, what was taken back from the queue of those that wait for a window. */
    private final Map<Integer, Integer> withdrawn = new HashMap<>();

    /** @param vcpu the one that the interrupts are meant for */
    LedgerReconciler(Machine machine, RunMonitor monitor, List<InterruptSource> sources, int vcpu) {
        this.machine = machine;
        this.monitor = monitor;
        this.sources = sources;
        this.vcpu = vcpu;
    }

    /** Returns when the guest has come to rest, as far as it will, and all is read. */
    Snapshot settle() {
        awaitHandlers();
        if (withdrawWaiting()) {
            awaitHandlers(); // those that were in hand already
        }
        if (sources.stream().anyMatch(source -> source.target().trigger() == Trigger.LEVEL)) {
            LockSupport.parkNanos(this, LINGER.toNanos());
        }
        return Snapshot.of(machine, vcpu);
    }

    /** Whether anything waited that could still have been taken. */
    private boolean withdrawWaiting() {
        for (InterruptSource source : sources) {
            if (source.target().path() == Path.VECTOR && source.vector().isPresent()) {
                withdrawn.merge(source.vector().getAsInt(), machine.withdraw(source.vector().getAsInt()), Integer::sum);
            }
        }
        return withdrawn.values().stream().anyMatch(count -> count > 0);
    }

    /** A run may end just when the CPU has taken an interrupt and its handler has not counted it yet. */
    private void awaitHandlers() {
        long until = System.nanoTime() + HANDLER.toNanos();
        while (!sources.stream().allMatch(this::hasSpoken) && monitor.guestRuns() && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
        }
    }

    private boolean hasSpoken(InterruptSource source) {
        if (source.vector().isEmpty()) {
            return true;
        }
        int vector = source.vector().getAsInt();
        int expected = source.handedOver() - source.refusedByKernel() - source.coalesced()
                - withdrawn.getOrDefault(vector, 0);
        return machine.mailbox(vcpu).taken(vector) - source.takenBefore() >= expected
                && source.rings() >= source.accepted() - withdrawn.getOrDefault(vector, 0);
    }

    /** @param end what {@link #settle} read */
    LedgerBreakdown account(Snapshot end) {
        Map<Integer, Ledger> byLine = new TreeMap<>();
        Ledger meant = Ledger.none();
        for (InterruptSource source : sources) {
            Ledger ledger = ledger(source, end);
            byLine.put(source.target().line(), ledger);
            meant = meant.plus(ledger);
        }
        Map<Integer, Ledger> byVcpu = new TreeMap<>();
        Ledger all = meant;
        for (int other = 0; other < machine.vcpus(); other++) {
            Ledger strayed = other == vcpu ? meant : strayed(other);
            byVcpu.put(other, strayed);
            all = other == vcpu ? all : all.plus(strayed);
        }
        boolean complete = all.allTaken();
        return new LedgerBreakdown(all, byVcpu, sources.size() > 1 ? byLine : Map.of(),
                complete ? Optional.empty() : Optional.of(GuestPosition.of(end.state(), machine)), spurious(end));
    }

    /** What another vCPU took, though nothing was meant for it. */
    private Ledger strayed(int other) {
        long taken = sources.stream()
                .filter(source -> source.vector().isPresent())
                .mapToLong(source -> machine.mailbox(other).taken(source.vector().getAsInt()))
                .sum();
        return new Ledger(0, 0, taken, 0, 0);
    }

    private Ledger ledger(InterruptSource source, Snapshot end) {
        long requested = source.handedOver();
        if (source.vector().isEmpty()) {
            return new Ledger(requested, requested, 0, 0, 0); // without a vector nothing can arrive
        }
        int vector = source.vector().getAsInt();
        long taken = end.taken(vector) - source.takenBefore();
        long waiting = source.target().waiting(end.state(), vector) + withdrawn.getOrDefault(vector, 0);
        if (source.target().path().isTimer()) {
            return ofTimer(source, taken, waiting);
        }
        long refused = source.refusedByKernel();
        long ignored = source.ignored();
        long coalesced = source.coalesced();
        long missing = requested - refused - ignored - coalesced - taken;
        if (missing > waiting && isInHandler(source, end.state(), vector, taken)) {
            waiting++;
        }
        if (waiting > missing) {
            // KVM says "ignored" of an edge on a masked 8259 line, which the 8259 remembers all the same
            long remembered = Math.min(ignored, waiting - missing);
            ignored -= remembered;
            missing += remembered;
        }
        return new Ledger(requested, refused + ignored, taken, coalesced, Math.clamp(missing, 0, waiting));
    }

    /** A timer ticks by itself: what is not due yet when a run ends, nobody asked for. */
    private static Ledger ofTimer(InterruptSource source, long taken, long waiting) {
        long requested = Math.min(source.handedOver(), taken + waiting);
        return new Ledger(requested + source.merged(), 0, taken, source.merged(), Math.max(0, requested - taken));
    }

    /** A handler that never counts is one that never comes to its end; one that has counted holds nothing. */
    private boolean isInHandler(InterruptSource source, GuestState state, int vector, long taken) {
        return taken == 0 && monitor.guestRuns() && source.target().isInService(state, vector);
    }

    private List<String> spurious(Snapshot end) {
        if (end.spurious() == 0) {
            return List.of();
        }
        boolean timer = sources.stream().anyMatch(source -> source.target().path().isTimer());
        return List.of((timer
                ? "ticks that came while the guest stopped its timer, and were not asked for: "
                : "spurious interrupts (IRQ 7 or 15 with nothing in service) that the guest saw: ") + end.spurious());
    }
}
