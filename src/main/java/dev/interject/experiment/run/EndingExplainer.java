package dev.interject.experiment.run;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

import dev.interject.experiment.Durations;
import dev.interject.experiment.Ending;
import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.ResolvedInjection;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.machine.Machine;

/** Says in one line why a run ended as it did. */
public final class EndingExplainer {

    private static final String LINE_STILL_HIGH = ": a level line that is still high at its EOI interrupts again, and"
            + " a LAPIC that ends interrupts by itself (auto-EOI) does not wait for the handler";

    private final RunPlan plan;
    private final List<ResolvedInjection> targets;
    private final RunMonitor monitor;
    private final long deadline;

    /** @param deadline when the watchdog ends the run, by {@link System#nanoTime()} */
    public EndingExplainer(RunPlan plan, List<ResolvedInjection> targets, RunMonitor monitor, long deadline) {
        this.plan = plan;
        this.targets = targets;
        this.monitor = monitor;
        this.deadline = deadline;
    }

    /** Why a run that was not all taken ended; {@code otherwise} where neither guest, user nor watchdog ended it. */
    public Ending ending(Machine machine, OptionalInt vector, Optional<GuestPosition> standing,
            Supplier<String> otherwise) {
        monitor.failure().ifPresent(EndingExplainer::rethrow);
        if (monitor.fault().isPresent()) {
            return Ending.of(Outcome.GUEST_CRASHED, describeFault(machine, vector));
        }
        if (monitor.crash().isPresent()) {
            return Ending.of(Outcome.GUEST_CRASHED,
                    "the guest crashed: " + monitor.crash().get() + whereItStands(standing));
        }
        if (monitor.isCancelled()) {
            return Ending.of(Outcome.INTERRUPTED, "interrupted by the user");
        }
        if (deadline - System.nanoTime() <= 0) {
            return Ending.of(Outcome.TIMED_OUT, "the watchdog ended the run after %s: %s%s"
                    .formatted(Durations.format(plan.effectiveTimeout()), otherwise.get(), whereItStands(standing)));
        }
        return Ending.of(Outcome.NOT_TAKEN, otherwise.get());
    }

    /** What failed on the vCPU's thread fails here: a system call keeps its name, anything else is a bug of ours. */
    private static void rethrow(Throwable failure) {
        throw failure instanceof RuntimeException runtime ? runtime : new IllegalStateException(failure);
    }

    private String describeFault(Machine machine, OptionalInt vector) {
        int exception = monitor.fault().getAsInt();
        Mailbox mailbox = machine.mailbox(monitor.faultVcpu());
        String name = CpuException.mnemonic(exception);
        if (vector.isPresent() && vector.getAsInt() == exception) {
            return "the injected vector %d arrived as if it were the exception %s, and the guest stopped".formatted(
                    exception,
                    name);
        }
        String code = CpuException.hasErrorCode(exception)
                ? ", error code 0x%x".formatted(mailbox.faultErrorCode())
                : "";
        long rip = mailbox.faultRip();
        String symbol = machine.symbolAt(rip);
        return "the guest took the exception %s (vector %d%s) at RIP 0x%x%s".formatted(name, exception, code, rip,
                symbol.isEmpty() ? "" : " (" + symbol + ")");
    }

    private static String whereItStands(Optional<GuestPosition> standing) {
        return standing.map(where -> "; the guest stands at " + where).orElse("");
    }

    /** What kept the rest from being taken. */
    String whatHolds(Machine machine, LedgerBreakdown account, long refusedByKernel) {
        Ledger ledger = account.ledger();
        Optional<String> stray = account.byVcpu()
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey() != targets.getFirst().vcpu() && entry.getValue().taken() > 0)
                .map(entry -> "vCPU %d took %,d that were meant for vCPU %d".formatted(entry.getKey(),
                        entry.getValue().taken(), targets.getFirst().vcpu()))
                .findFirst();
        if (stray.isPresent()) {
            return stray.get();
        }
        if (ledger.lost() < 0) {
            return "the guest took %d more than were requested%s".formatted(-ledger.lost(),
                    plan.trigger() == Trigger.LEVEL ? LINE_STILL_HIGH : "");
        }
        if (ledger.lost() > 0) {
            return "%,d were lost: accepted, and neither taken, merged nor waiting".formatted(ledger.lost());
        }
        if (plan.effectivePath().isTimer()) {
            return "%,d of %,d ticks have come; --timeout gives the rest more time".formatted(ledger.taken(),
                    plan.count());
        }
        if (refusedByKernel > 0) {
            return "the kernel refused " + refusedByKernel + " of " + plan.count();
        }
        if (ledger.requested() < plan.count() && ledger.taken() + ledger.coalesced() == ledger.requested()) {
            return "%,d of %,d were injected, and all of them taken; --timeout gives the rest more time"
                    .formatted(ledger.requested(), plan.count());
        }
        if (ledger.taken() + ledger.coalesced() == ledger.requested()) {
            return "%,d of %,d coalesced: they came while one before them still waited".formatted(ledger.coalesced(),
                    ledger.requested());
        }
        return held(machine, account)
                .orElseGet(() -> ledger.held() > 0 && plan.effectivePath() == Path.VECTOR
                        ? "%,d wait in the queue: the guest takes one vector a window".formatted(ledger.held())
                        : "every gate looks open");
    }

    /** The first gate that is not open, on the way of the first line that has something left. */
    private Optional<String> held(Machine machine, LedgerBreakdown account) {
        GuestState state = machine.look(targets.getFirst().vcpu());
        return targets.stream()
                .filter(target -> !account.byLine().getOrDefault(target.line(), account.ledger()).allTaken())
                .flatMap(target -> target.way(state)
                        .firstThatIsNotOpen()
                        .stream()
                        .map(gate -> (account.byLine().isEmpty() ? "held at " : "line " + target.line() + " held at ")
                                + describe(gate)))
                .findFirst();
    }

    public static String describe(Gate gate) {
        return "%s (%s): %s".formatted(gate.place(), gate.evidence(), gate.meaning());
    }

    static String advice(Gate gate) {
        return gate.verdict() == Verdict.NOT_NOW ? "; --wait waits for the guest to open" : "";
    }
}
