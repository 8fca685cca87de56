package dev.interject.experiment.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.interject.experiment.Deadline;
import dev.interject.experiment.HandlerWatch;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;

/**
 * Finds out what happened to the interrupts of a run. The guest's own count decides what was taken; the controllers'
 * state shows what is pending. All is read at one moment, with the vCPU out of the guest.
 */
final class LedgerReconciler {

    /** How long a handler may still run when the run's time is up. */
    private static final Duration HANDLER = Duration.ofMillis(100);
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);
    /** How often a guest is looked at, each time with an exit, for an interrupt that no status says anything about. */
    private static final int LOOKS = 3;
    /** A level that is still asserted interrupts again within this time. */
    private static final Duration LINGER = Duration.ofMillis(5);

    private final Machine machine;
    private final RunMonitor monitor;
    private final List<InterruptSource> sources;
    private final int vcpu;
    private final HandlerWatch handlers;
    private boolean haveReturned;
    /** By vector, how many were withdrawn from the queue of those that wait for a window. */
    private final Map<Integer, Integer> withdrawn = new HashMap<>();

    /** @param vcpu the target */
    LedgerReconciler(Machine machine, RunMonitor monitor, List<InterruptSource> sources, int vcpu) {
        this.machine = machine;
        this.monitor = monitor;
        this.sources = sources;
        this.vcpu = vcpu;
        this.handlers = new HandlerWatch(machine);
    }

    /** Lets the handlers that run finish, up to their IRET, and reads everything. */
    Snapshot settle() {
        awaitHandlers();
        if (!monitor.isGoingOn() && withdrawWaiting()) {
            awaitHandlers(); // of the vectors that had already left the queue
        }
        if (sources.stream().anyMatch(source -> source.target().trigger() == Trigger.LEVEL)) {
            LockSupport.parkNanos(this, LINGER.toNanos());
            awaitHandlers();
        }
        return Snapshot.of(machine, vcpu);
    }

    /** Whether no handler still ran when everything was read. */
    boolean haveHandlersReturned() {
        return haveReturned;
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

    /**
     * A run may end just when the CPU has taken an interrupt and its handler has not counted it yet, and the IRET of a
     * handler may break the guest.
     */
    private void awaitHandlers() {
        Deadline patience = monitor.isGoingOn() ? monitor.deadline() : Deadline.after(HANDLER);
        haveReturned = !areInHandlers();
        for (int looks = 1; isUnsettled(looks) && monitor.guestRuns() && !patience.isOver(); looks++) {
            LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
            haveReturned = !areInHandlers();
        }
    }

    private boolean isUnsettled(int looks) {
        return !haveReturned || looks < LOOKS && !sources.stream().allMatch(this::isFinished);
    }

    private boolean areInHandlers() {
        List<Integer> vectors = sources.stream().flatMap(source -> source.vector().stream().boxed()).toList();
        return IntStream.concat(IntStream.of(vcpu), sources.stream().flatMapToInt(LedgerReconciler::takers))
                .distinct()
                .anyMatch(taker -> handlers.isInHandler(taker, vectors));
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
        return source.acknowledgedByAll() >= source.accepted() - gone && (source.targetVcpus().areRivals()
                ? takers(source).mapToLong(taker -> ran(source, taker)).sum() >= expected - gone
                : takers(source).allMatch(taker -> ran(source, taker) >= expected - gone));
    }

    private static IntStream takers(InterruptSource source) {
        return source.targetVcpus().vcpus().stream().mapToInt(Integer::intValue);
    }

    /** How often the handler of a source has run on a vCPU since the first interrupt. */
    private long ran(InterruptSource source, int taker) {
        return machine.vcpu(taker).mailbox().taken(source.vector().getAsInt()) - source.takenBefore(taker);
    }

    /**
     * An interrupt that several vCPUs take counts for each of them.
     *
     * @param end what {@link #settle} read
     */
    LedgerBreakdown account(Snapshot end) {
        Map<Integer, Ledger> byLine = new TreeMap<>();
        Map<Integer, Ledger> byVcpu = new TreeMap<>();
        IntStream.range(0, machine.vcpus()).forEach(number -> byVcpu.put(number, Ledger.none()));
        for (InterruptSource source : sources) {
            Map<Integer, Ledger> parts = parts(source, end);
            parts.forEach((number, part) -> byVcpu.merge(number, part, Ledger::plus));
            byLine.put(source.target().line(), sum(parts));
        }
        return new LedgerBreakdown(sum(byVcpu), byVcpu, sources.size() > 1 ? byLine : Map.of());
    }

    private static Ledger sum(Map<Integer, Ledger> parts) {
        return parts.values().stream().reduce(Ledger.none(), Ledger::plus);
    }

    /** By vCPU, what happened to the interrupts of a source. */
    private Map<Integer, Ledger> parts(InterruptSource source, Snapshot end) {
        if (source.vector().isEmpty()) {
            return Map.of(vcpu, Ledger.refused(source.requested())); // without a vector nothing can arrive
        }
        int first = source.targetVcpus().vcpus().getFirst();
        return switch (source) {
            case RefusedSource refused -> Map.of(first, Ledger.refused(refused.requested()));
            case TimerSource timer -> Map.of(first,
                    ofTimer(timer, ran(source, first, end), waiting(source, first, end), timer.pendingBefore(first)));
            case InjectedSource injected -> {
                Map<Integer, Ledger> parts = injected.targetVcpus().areRivals() ? ofRivals(injected, end)
                        : takers(injected).boxed()
                                .collect(Collectors.toMap(Function.identity(), taker -> ofOne(injected, taker, end)));
                Map<Integer, Ledger> all = new TreeMap<>(parts);
                IntStream.range(0, machine.vcpus())
                        .filter(number -> !parts.containsKey(number))
                        .forEach(number -> all.put(number, new Ledger(0, 0, 0, 0, 0, ran(source, number))));
                yield all;
            }
        };
    }

    /** Of the target, at the moment at which the rest was read. */
    private long ran(InterruptSource source, int taker, Snapshot end) {
        return taker == vcpu ? end.taken(source.vector().getAsInt()) - source.takenBefore(taker)
                : ran(source, taker);
    }

    private long waiting(InterruptSource source, int taker, Snapshot end) {
        int vector = source.vector().getAsInt();
        return withdrawn.getOrDefault(vector, 0)
                + end.state().map(state -> source.target().waiting(state.seenBy(taker), vector)).orElse(0);
    }

    private Ledger ofOne(InjectedSource source, int taker, Snapshot end) {
        long all = ran(source, taker, end);
        long earlier = source.pendingBefore(taker);
        return ofInjected(source, source.coalescedAt(taker), Math.max(0, all - earlier),
                ownOf(waiting(source, taker, end), earlier, all), end.state()
                        .map(state -> isInHandler(source, state.seenBy(taker), source.vector().getAsInt(), all))
                        .orElse(false));
    }

    /** Those that were pending before are taken first; the ones that are left of them are not the run's. */
    private static long ownOf(long waiting, long earlier, long ran) {
        return Math.max(0, waiting - Math.max(0, earlier - ran));
    }

    /** Each counts what it took, and the first also what none took. */
    private Map<Integer, Ledger> ofRivals(InjectedSource source, Snapshot end) {
        long all = takers(source).mapToLong(taker -> ran(source, taker, end)).sum();
        long earlier = takers(source).mapToLong(source::pendingBefore).sum();
        long waiting = takers(source).mapToLong(taker -> waiting(source, taker, end)).sum();
        Ledger rest = ofInjected(source, source.coalesced(), Math.max(0, all - earlier), ownOf(waiting, earlier, all),
                false);
        Map<Integer, Ledger> parts = new TreeMap<>();
        for (int taker : source.targetVcpus().vcpus().reversed()) {
            long own = Math.max(0, ran(source, taker, end) - source.pendingBefore(taker));
            long taken = Math.min(own, rest.taken());
            Ledger part = new Ledger(taken, 0, taken, 0, 0, Math.min(own - taken, rest.extra()));
            rest = new Ledger(rest.requested() - taken, rest.refused(), rest.taken() - taken, rest.coalesced(),
                    rest.held(), rest.extra() - part.extra());
            parts.put(taker, part);
        }
        parts.merge(source.targetVcpus().vcpus().getFirst(), rest, Ledger::plus);
        return parts;
    }

    private static Ledger ofInjected(InjectedSource source, long coalesced, long ran, long waiting,
            boolean inHandler) {
        long ignored = source.ignored();
        long open = source.requested() - source.refused() - coalesced - ignored - ran;
        long pending = open > waiting && inHandler ? waiting + 1 : waiting;
        if (pending > open && source.mayBeLatched()) {
            // KVM reports "ignored" of an edge on a masked 8259 line, which the 8259 latches nevertheless
            long latched = Math.min(ignored, pending - open);
            ignored -= latched;
            open += latched;
        }
        long extra = Math.max(0, -open);
        return new Ledger(source.requested(), source.refused() + ignored, ran - extra, coalesced,
                Math.clamp(open, 0, pending), extra);
    }

    /** A timer ticks by itself: a tick that is not due when the run ends was not requested. */
    private static Ledger ofTimer(TimerSource source, long all, long waiting, long earlier) {
        long ran = Math.max(0, all - earlier);
        long taken = Math.min(source.requested(), ran);
        long held = Math.min(source.requested() - taken, ownOf(waiting, earlier, all));
        return new Ledger(taken + held + source.merged(), 0, taken, source.merged(), held, ran - taken);
    }

    /**
     * Whether the CPU is in a handler that never counts, and so never ends; a handler that has counted holds nothing.
     */
    private boolean isInHandler(InterruptSource source, GuestState state, int vector, long ran) {
        return ran == 0 && monitor.guestRuns() && source.target().isInService(state, vector);
    }
}
