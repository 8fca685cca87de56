package dev.interject.experiment.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.GuestPosition;
import dev.interject.interrupt.Ledger;

/**
 * What became of a run's interrupts, and what was seen while finding out.
 *
 * @param ledger   of all vCPUs together
 * @param byVcpu   the same for each vCPU: what was meant for it, and what it took; empty where it did not come to that
 * @param byLine   the same for each line, where there are several; empty otherwise
 * @param standing where the guest stands; empty where all that were handed over were taken, so that nobody looked
 */
public record LedgerBreakdown(Ledger ledger, Map<Integer, Ledger> byVcpu, Map<Integer, Ledger> byLine,
        Optional<GuestPosition> standing, List<String> notes) {

    /** None was handed over. */
    static LedgerBreakdown refused(int count) {
        return new LedgerBreakdown(new Ledger(count, count, 0, 0, 0), Map.of(), Map.of(), Optional.empty(), List.of());
    }

    /** Nothing was asked for. */
    static LedgerBreakdown none() {
        return new LedgerBreakdown(Ledger.none(), Map.of(), Map.of(), Optional.empty(), List.of());
    }

    LedgerBreakdown standingAt(GuestPosition where) {
        return new LedgerBreakdown(ledger, byVcpu, byLine, standing.or(() -> Optional.of(where)), notes);
    }

    /** Whether each vCPU and each line took what was meant for it, and nothing else. */
    boolean allTaken() {
        return ledger.allTaken() && byVcpu.values().stream().allMatch(Ledger::allTaken)
                && byLine.values().stream().allMatch(Ledger::allTaken);
    }
}
