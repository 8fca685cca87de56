package dev.interject.experiment.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

import dev.interject.experiment.Deadline;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;

/**
 * Finds out what happened to the interrupts of a run. The guest's own count decides what was taken; the controllers'
 * state shows what is pending. All is read at one moment, with the vCPU out of the guest.
 */
final class LedgerReconciler {

    /** How long a handler may take to count, once the CPU has entered it, and how often the count is read. */
    private static final Duration HANDLER = Duration.ofMillis(100);
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);
    /** A level that is still asserted interrupts again within this time. */
    private static final Duration LINGER = Duration.ofMillis(5);

    private final Machine machine;
    private final RunMonitor monitor;
    private final List<InterruptSource> sources;
    private final int vcpu;
    /** By vector, how many were withdrawn from the queue of those that wait for a window. */
    private final Map<Integer, Integer> withdrawn = new HashMap<>();

    /** @param vcpu the target */
    LedgerReconciler(Machine machine, RunMonitor monitor, List<InterruptSource> sources, int vcpu) {
        this.machine = machine;
        this.monitor = monitor;
        this.sources = sources;
        this.vcpu = vcpu;
    }

    /** Lets the handlers that run finish, and reads everything. */
    Snapshot settle() {
        awaitHandlers();
        if (withdrawWaiting()) {
            awaitHandlers(); // of the vectors that had already left the queue
        }
        if (sources.stream().anyMatch(source -> source.target().trigger() == Trigger.LEVEL)) {
            LockSupport.parkNanos(this, LINGER.toNanos());
        }
        return Snapshot.of(machine, vcpu);
    }

    /** Returns whether anything waited that could still have been taken. */
    private boolean withdrawWaiting() {
        for (InterruptSource source : sources) {
            if (source.target().route().isQueuedInUserSpace() && source.vector().isPresent()) {
                int vector = source.vector().getAsInt();
                withdrawn.merge(vector, machine.vcpu(0).withdraw(vector), Integer::sum);
            }
        }
        return withdrawn.values().stream().anyMatch(count -> count > 0);
    }

    /** A run may end just when the CPU has taken an interrupt and its handler has not counted it yet. */
    private void awaitHandlers() {
        Deadline patience = Deadline.after(HANDLER);
        while (!sources.stream().allMatch(this::isFinished) && monitor.guestRuns() && !patience.isOver()) {
            LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
        }
    }

    private boolean isFinished(InterruptSource source) {
        if (source.vector().isEmpty() || source instanceof RefusedSource) {
            return true;
        }
        int vector = source.vector().getAsInt();
        int gone = withdrawn.getOrDefault(vector, 0);
        int expected = source instanceof InjectedSource injected
                ? source.requested() - injected.refused() - injected.coalesced() - injected.ignored()
                : source.requested();
        return machine.vcpu(vcpu).mailbox().taken(vector) - source.takenBefore() >= expected - gone
                && source.acknowledged() >= source.accepted() - gone;
    }

    /** @param end what {@link #settle} read */
    LedgerBreakdown account(Snapshot end) {
        Map<Integer, Ledger> byLine = new TreeMap<>();
        for (InterruptSource source : sources) {
            byLine.put(source.target().line(), ledger(source, end));
        }
        Map<Integer, Ledger> byVcpu = new TreeMap<>();
        for (int number = 0; number < machine.vcpus(); number++) {
            byVcpu.put(number, number == vcpu ? sum(byLine) : strayed(number));
        }
        return new LedgerBreakdown(sum(byVcpu), byVcpu, sources.size() > 1 ? byLine : Map.of());
    }

    private static Ledger sum(Map<Integer, Ledger> parts) {
        return parts.values().stream().reduce(Ledger.none(), Ledger::plus);
    }

    /** What arrived at another vCPU than the target. */
    private Ledger strayed(int other) {
        long taken = sources.stream()
                .filter(source -> source.vector().isPresent())
                .mapToLong(source -> machine.vcpu(other).mailbox().taken(source.vector().getAsInt()))
                .sum();
        return new Ledger(0, 0, 0, 0, 0, taken);
    }

    private Ledger ledger(InterruptSource source, Snapshot end) {
        if (source.vector().isEmpty()) {
            return Ledger.refused(source.requested()); // without a vector nothing can arrive
        }
        int vector = source.vector().getAsInt();
        long ran = end.taken(vector) - source.takenBefore();
        long waiting = withdrawn.getOrDefault(vector, 0)
                + end.state().map(state -> source.target().waiting(state, vector)).orElse(0);
        return switch (source) {
            case RefusedSource refused -> Ledger.refused(refused.requested());
            case TimerSource timer -> ofTimer(timer, ran, waiting);
            case InjectedSource injected -> ofInjected(injected, ran, waiting,
                    end.state().map(state -> isInHandler(injected, state, vector, ran)).orElse(false));
        };
    }

    private static Ledger ofInjected(InjectedSource source, long ran, long waiting, boolean inHandler) {
        long ignored = source.ignored();
        long open = source.requested() - source.refused() - source.coalesced() - ignored - ran;
        long pending = open > waiting && inHandler ? waiting + 1 : waiting;
        if (pending > open) {
            // KVM reports "ignored" of an edge on a masked 8259 line, which the 8259 latches nevertheless
            long latched = Math.min(ignored, pending - open);
            ignored -= latched;
            open += latched;
        }
        long extra = Math.max(0, -open);
        return new Ledger(source.requested(), source.refused() + ignored, ran - extra, source.coalesced(),
                Math.clamp(open, 0, pending), extra);
    }

    /** A timer ticks by itself: a tick that is not due when the run ends was not requested. */
    private static Ledger ofTimer(TimerSource source, long ran, long waiting) {
        long taken = Math.min(source.requested(), ran);
        long held = Math.min(source.requested() - taken, waiting);
        return new Ledger(taken + held + source.merged(), 0, taken, source.merged(), held, ran - taken);
    }

    /**
     * Whether the CPU is in a handler that never counts, and so never ends; a handler that has counted holds nothing.
     */
    private boolean isInHandler(InterruptSource source, GuestState state, int vector, long ran) {
        return ran == 0 && monitor.guestRuns() && source.target().isInService(state, vector);
    }
}
