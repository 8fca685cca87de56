package dev.interject.experiment;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

import dev.interject.interrupt.GuestState;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.machine.Machine;

/**
 * Finds out what became of the interrupts of a run. The guest's own count decides what was taken; for what was not, the
 * controllers are asked.
 */
final class Accountant {

    /** How long a handler may take to count, once the CPU has entered it, and how often the count is looked at. */
    private static final Duration HANDLER = Duration.ofMillis(100);
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    /** A level that was not let go interrupts again within this time; then it is counted, too. */
    private static final Duration LINGER = Duration.ofMillis(5);

    private final Machine machine;
    private final RunMonitor monitor;
    private final List<Source> sources;
    private final int vcpu;

    /** @param vcpu the one that the interrupts are meant for */
    Accountant(Machine machine, RunMonitor monitor, List<Source> sources, int vcpu) {
        this.machine = machine;
        this.monitor = monitor;
        this.sources = sources;
        this.vcpu = vcpu;
    }

    Account account() {
        awaitHandlers();
        if (sources.stream().anyMatch(source -> source.target().trigger() == Trigger.LEVEL)) {
            LockSupport.parkNanos(this, LINGER.toNanos());
        }
        if (sources.stream().allMatch(this::isComplete)) {
            return account(Optional.empty(), Optional.empty(), List.of());
        }
        // first the controllers, then the count: one taken in between is counted as taken, not as lost
        GuestState state = machine.look(vcpu);
        return account(Optional.of(state), Optional.of(Standing.of(state, machine)), spurious());
    }

    private Account account(Optional<GuestState> state, Optional<Standing> standing, List<String> notes) {
        Map<Integer, Ledger> byLine = new TreeMap<>();
        Ledger meant = Ledger.none();
        for (Source source : sources) {
            Ledger ledger = ledger(source, state);
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
        return new Account(all, byVcpu, sources.size() > 1 ? byLine : Map.of(), standing, notes);
    }

    /** What another vCPU took, though nothing was meant for it. */
    private Ledger strayed(int other) {
        long taken = sources.stream()
                .filter(source -> source.vector().isPresent())
                .mapToLong(source -> machine.mailbox(other).taken(source.vector().getAsInt()))
                .sum();
        return new Ledger(0, 0, taken, 0, 0);
    }

    private long taken(Source source) {
        return source.vector().isEmpty() ? 0
                : machine.mailbox(vcpu).taken(source.vector().getAsInt()) - source.takenBefore();
    }

    private boolean isComplete(Source source) {
        return source.vector().isEmpty()
                || taken(source) == source.handedOver() - source.refusedByKernel() && source.coalesced() == 0;
    }

    /** A run may end just when the CPU has taken an interrupt and its handler has not counted it yet. */
    private void awaitHandlers() {
        long until = System.nanoTime() + HANDLER.toNanos();
        while (!sources.stream().allMatch(this::hasSpoken) && monitor.guestRuns() && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
        }
    }

    private boolean hasSpoken(Source source) {
        int expected = source.handedOver() - source.refusedByKernel() - source.coalesced();
        return source.vector().isEmpty() || taken(source) >= expected && source.rings() >= source.accepted();
    }

    private Ledger ledger(Source source, Optional<GuestState> state) {
        long requested = source.handedOver();
        long refused = source.refusedByKernel();
        if (source.vector().isEmpty()) {
            return new Ledger(requested, requested, 0, 0, 0); // without a vector nothing can arrive
        }
        long taken = taken(source);
        if (state.isEmpty() || isComplete(source)) {
            return new Ledger(requested, refused, taken, 0, 0);
        }
        int vector = source.vector().getAsInt();
        long ignored = source.ignored();
        long coalesced = source.coalesced();
        long missing = requested - refused - ignored - coalesced - taken;
        long waiting = waiting(source, state.get(), vector, missing);
        if (waiting > missing) {
            // KVM says "ignored" of an edge on a masked 8259 line, which the 8259 remembers all the same
            long remembered = Math.min(ignored, waiting - missing);
            ignored -= remembered;
            missing += remembered;
        }
        return new Ledger(requested, refused + ignored, taken, coalesced, Math.clamp(missing, 0, waiting));
    }

    private long waiting(Source source, GuestState state, int vector, long missing) {
        Target target = source.target();
        long waiting = target.waiting(state, vector)
                + (target.path() == Path.VECTOR ? machine.vectorsWaiting(vector) : 0);
        boolean inHandler = monitor.guestRuns() && target.isInService(state, vector);
        return waiting < missing && inHandler ? waiting + 1 : waiting;
    }

    private List<String> spurious() {
        long spurious = machine.mailbox(vcpu).spurious();
        return spurious == 0
                ? List.of()
                : List.of("spurious interrupts (IRQ 7 or 15 with nothing in service) that the guest saw: " + spurious);
    }
}
