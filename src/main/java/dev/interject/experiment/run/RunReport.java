package dev.interject.experiment.run;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

import dev.interject.experiment.Ending;
import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.plan.RunRequest;
import dev.interject.guest.CausedEvent;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;

/** The result of a run. */
public record RunReport(RunRequest request, Ending ending, Target target, LedgerBreakdown account,
        InterruptLog interrupts, Gates gates, Observations observed, Remarks remarks) implements Report {

    /**
     * Where the interrupts went.
     *
     * @param irqchip where the interrupt controllers are, as the kernel reports; as planned if there was no VM
     * @param vcpu    the target vCPU
     * @param lines   pulled one after the other, as often as the plan names them; empty if none is pulled
     * @param vector  at which the first line's interrupts arrive; empty if it is not known
     */
    public record Target(Irqchip irqchip, int vcpu, List<Integer> lines, OptionalInt vector) {

        /** A target whose lines cannot be changed. */
        public Target {
            lines = List.copyOf(lines);
        }
    }

    /**
     * The gates on the path.
     *
     * @param before of the first line, before the first interrupt; empty if they were not checked
     * @param after  of the first line that has something left, at the end; empty if all were taken
     * @param end    the machine at the end; empty if all were taken, or if it could not be read
     */
    public record Gates(Optional<GatePath> before, Optional<GatePath> after, Optional<FinalState> end) {

        /** They were not looked at. */
        public static Gates none() {
            return new Gates(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * A machine at the end of a run in which not all were taken.
     *
     * @param state       as the target vCPU sees it, with the rules of this host
     * @param expectsNmis whether the guest's handler of vector 2 is one for NMIs
     */
    public record FinalState(GuestState state, boolean expectsNmis) {}

    /**
     * What was observed in the guest.
     *
     * @param handlers how often each of the target vCPU's handlers ran, by vector
     * @param caused   the events that the guest caused itself, before it was ready
     * @param counters KVM's own counters
     * @param position of the target vCPU at the end of a run in which not all were taken
     * @param witness  who watched what the CPU took
     */
    public record Observations(SortedMap<Integer, Long> handlers, List<CausedEvent> caused, KvmCounters counters,
            Optional<GuestPosition> position, Witness witness) {

        /** Nothing was injected. */
        public static Observations none() {
            return new Observations(Collections.emptySortedMap(), List.of(), KvmCounters.none(), Optional.empty(),
                    Witness.NONE);
        }
    }

    /**
     * Remarks for the user.
     *
     * @param warnings about the plan
     * @param notes    about the run: what was forced, spurious interrupts, counters that disagree
     */
    public record Remarks(List<String> warnings, List<String> notes) {}

    /** The report of a run for which this host could not make a machine. */
    public static RunReport hostUnable(RunRequest request, Irqchip irqchip, String reason) {
        return new RunReport(request, Ending.of(Outcome.HOST_UNABLE, reason),
                new Target(irqchip, 0, request.interrupt().lines(), request.interrupt().vector()),
                LedgerBreakdown.of(Ledger.refused(request.count())), new InterruptLog(0),
                Gates.none(), Observations.none(), new Remarks(List.of(), List.of()));
    }

    /** As above, of a built-in guest. */
    public static RunReport hostUnable(RunPlan plan, String reason) {
        return hostUnable(RunRequest.of(plan), plan.machine().irqchip(), reason);
    }

    /** The same report with another ending. */
    public RunReport with(Ending other) {
        return new RunReport(request, other, target, account, interrupts, gates, observed, remarks);
    }

    /** Where the interrupt controllers live. */
    public Irqchip irqchip() {
        return target.irqchip();
    }

    /** How the interrupts were injected. */
    public Route path() {
        return request.path();
    }

    /** The ledger of all vCPUs and lines together. */
    public Ledger ledger() {
        return account.ledger();
    }

    /** The line of interrupt {@code index}, from 0; empty if none is pulled. */
    public OptionalInt line(int index) {
        List<Integer> lines = target.lines();
        return lines.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(lines.get(index / request.pace().hold() % lines.size()));
    }
}
