package dev.interject.experiment.run;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.interject.experiment.Durations;
import dev.interject.experiment.Ending;
import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.VcpuEnd;

/** Explains in one line why a run ended as it did. */
public final class EndingExplainer {

    private static final String LINE_STILL_HIGH = ": a level line that is still high at its EOI interrupts again, and"
            + " a LAPIC that ends interrupts by itself (auto-EOI) does not wait for the handler";
    private static final int NMI = 2;
    private static final String OVERWRITTEN =
            ", since a second KVM_INTERRUPT before KVM_RUN overwrites the vector of the first";

    private final RunPlan plan;
    private final List<ResolvedInjection> targets;
    private final RunMonitor monitor;

    /** @param monitor has followed the run */
    public EndingExplainer(RunPlan plan, List<ResolvedInjection> targets, RunMonitor monitor) {
        this.plan = plan;
        this.targets = targets;
        this.monitor = monitor;
    }

    /**
     * Why a run ended in which not all were taken.
     *
     * @param vector    at which the interrupts arrive, if it is known
     * @param position  of the target vCPU, if it could be read
     * @param otherwise the reason if neither host, guest, user nor watchdog ended the run
     */
    public Ending ending(Machine machine, OptionalInt vector, Optional<GuestPosition> position,
            Supplier<String> otherwise) {
        if (monitor.fault().isPresent()) {
            return Ending.of(Outcome.GUEST_CRASHED, describeFault(machine, vector));
        }
        if (monitor.end().isPresent()) {
            return ending(monitor.end().get(), position);
        }
        if (monitor.isCancelled()) {
            return Ending.of(Outcome.INTERRUPTED, "interrupted by the user");
        }
        if (monitor.deadline().isOver()) {
            return Ending.of(Outcome.TIMED_OUT, "the watchdog ended the run after %s: %s%s%s".formatted(
                    Durations.format(plan.effectiveTimeout()), monitor.deadline().slowCall(), otherwise.get(),
                    at(position)));
        }
        return Ending.of(Outcome.NOT_TAKEN, otherwise.get());
    }

    /** Why a run ended whose vCPU ended in this way. */
    Ending ending(VcpuEnd end, Optional<GuestPosition> position) {
        return end instanceof VcpuEnd.Crashed(int vcpu, String how)
                ? Ending.of(Outcome.GUEST_CRASHED,
                        "the guest crashed: " + (vcpu == 0 ? "" : "vCPU %d: ".formatted(vcpu)) + how + at(position))
                : Ending.of(end);
    }

    private String describeFault(Machine machine, OptionalInt vector) {
        int exception = monitor.fault().getAsInt();
        Mailbox mailbox = machine.vcpu(monitor.faultVcpu()).mailbox();
        String name = CpuException.mnemonic(exception);
        if (!targets.getFirst().route().isMaskable() && exception == NMI) {
            return "the injected NMI arrived, and the guest, which expects none, stopped";
        }
        if (vector.isPresent() && vector.getAsInt() == exception) {
            return "the injected vector %d arrived as if it were the exception %s, and the guest stopped"
                    .formatted(exception, name);
        }
        String code = CpuException.hasErrorCode(exception)
                ? ", error code 0x%x".formatted(mailbox.faultErrorCode())
                : "";
        long rip = mailbox.faultRip();
        String symbol = machine.symbolAt(rip);
        return "the guest took the exception %s (vector %d%s) at RIP 0x%x%s".formatted(name, exception, code, rip,
                symbol.isEmpty() ? "" : " (" + symbol + ")");
    }

    private static String at(Optional<GuestPosition> position) {
        return position.map(where -> "; the guest is at " + where).orElse("");
    }

    /** Why the remaining interrupts were not taken. */
    String whatHolds(LedgerBreakdown account, InjectionDriver driver, Optional<GuestState> state) {
        Ledger ledger = account.ledger();
        Optional<String> stray = stray(account);
        if (stray.isPresent()) {
            return stray.get();
        }
        String because = decisive(account, driver);
        if (driver.refused() == 0 && ledger.refused() > 0 && ledger.refused() == ledger.requested()
                && !because.isEmpty()) {
            return refusal(driver.log().status(0)).formatted(ledger.refused(), plan.count(), because);
        }
        if (ledger.extra() > 0) {
            return "the handler ran %,d more than requested%s".formatted(ledger.extra(),
                    plan.interrupt().trigger() == Trigger.LEVEL ? LINE_STILL_HIGH : "");
        }
        if (ledger.lost() > 0) {
            return "%,d of %,d lost: accepted, but neither taken, coalesced nor pending%s".formatted(ledger.lost(),
                    ledger.requested(), driver.isForcedVector() ? OVERWRITTEN : because);
        }
        if (plan.effectivePath().isTimer()) {
            return "%,d of %,d ticks were taken%s".formatted(ledger.taken(), plan.count(),
                    firstThatIsNotOpen(targets.getFirst(), state).map(gate -> "; the next is held at " + describe(gate))
                            .orElse("; a longer timeout gives the rest more time"));
        }
        if (driver.refused() > 0) {
            return "the kernel refused %,d of %,d".formatted(driver.refused(), plan.count());
        }
        if (ledger.refused() > 0 && ledger.held() == 0) {
            return refusal(driver.log().status(0)).formatted(ledger.refused(), plan.count(), !because.isEmpty()
                    ? because
                    : firstThatIsNotOpen(account, state).map(gate -> ": " + describe(gate)).orElse(""));
        }
        if (ledger.requested() < plan.count() && ledger.taken() + ledger.coalesced() == ledger.requested()) {
            return "%,d of %,d were injected: %,d taken, %,d coalesced; a longer timeout gives the rest more time"
                    .formatted(ledger.requested(), plan.count(), ledger.taken(), ledger.coalesced());
        }
        if (ledger.taken() + ledger.coalesced() == ledger.requested()) {
            return "%,d of %,d coalesced: an earlier one was still pending".formatted(ledger.coalesced(),
                    ledger.requested());
        }
        return held(account, state)
                .orElseGet(() -> ledger.held() > 0 && plan.effectivePath().isQueuedInUserSpace()
                        ? "%,d in the queue: the guest takes one vector per window".formatted(ledger.held())
                        : "every gate looks open");
    }

    private static String refusal(OptionalInt status) {
        if (status.isEmpty()) {
            return "%,d of %,d cannot arrive, by the gates (KVM reports no status on this path)%s";
        }
        return status.getAsInt() > 0 ? "%,d of %,d do not arrive at their handler, by the gates%s"
                : "KVM's status says that %,d of %,d were not accepted%s";
    }

    /** The gate that decided what happened to the first interrupt that was not taken. */
    private String decisive(LedgerBreakdown account, InjectionDriver driver) {
        return notTaken(account)
                .flatMap(target -> driver.gates(target).prediction().because().stream())
                .filter(gate -> gate.verdict() != Verdict.COALESCES)
                .map(gate -> ": " + describe(gate))
                .findFirst()
                .orElse("");
    }

    private Optional<String> stray(LedgerBreakdown account) {
        int target = targets.getFirst().vcpu();
        return account.byVcpu()
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey() != target && entry.getValue().extra() > 0)
                .map(entry -> "vCPU %d took %,d interrupts of target vCPU %d".formatted(entry.getKey(),
                        entry.getValue().extra(), target))
                .findFirst();
    }

    /** The gate that holds it, on the path of the first line that has something pending. */
    private Optional<String> held(LedgerBreakdown account, Optional<GuestState> state) {
        return notTaken(account)
                .flatMap(target -> gates(target, state).flatMap(GatePath::holder)
                        .stream()
                        .map(gate -> (account.byLine().isEmpty() ? "" : "line " + target.line() + " ") + "held at "
                                + describe(gate)))
                .findFirst();
    }

    private Optional<Gate> firstThatIsNotOpen(LedgerBreakdown account, Optional<GuestState> state) {
        return notTaken(account).flatMap(target -> firstThatIsNotOpen(target, state).stream()).findFirst();
    }

    private Stream<ResolvedInjection> notTaken(LedgerBreakdown account) {
        return targets.stream().filter(target -> !account.ofLine(target.line()).allTaken());
    }

    private static Optional<Gate> firstThatIsNotOpen(ResolvedInjection target, Optional<GuestState> state) {
        return gates(target, state).flatMap(GatePath::firstThatIsNotOpen);
    }

    private static Optional<GatePath> gates(ResolvedInjection target, Optional<GuestState> state) {
        return state.map(seen -> HostDepartures.gates(seen, target::gatePath));
    }

    /** A gate with its evidence and what it does, in one line. */
    public static String describe(Gate gate) {
        return "%s (%s): %s".formatted(gate.place(), gate.evidence(), gate.meaning());
    }

    static String advice(Gate gate) {
        return gate.verdict() == Verdict.NOT_NOW ? "; a run can wait until the guest is open" : "";
    }
}
