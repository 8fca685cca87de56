package dev.interject.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.interrupt.Ledger;

/**
 * What became of a run's interrupts, and what was seen while finding out.
 *
 * @param ledger   of all vCPUs together
 * @param byVcpu   the same for each vCPU: what was meant for it, and what it took; empty where it did not come to that
 * @param byLine   the same for each line, where there are several; empty otherwise
 * @param standing where the guest stands; empty where all that were handed over were taken, so that nobody looked
 */
public record Account(Ledger ledger, Map<Integer, Ledger> byVcpu, Map<Integer, Ledger> byLine,
        Optional<Standing> standing, List<String> notes) {

    /** None was handed over. */
    static Account refused(int count) {
        return new Account(new Ledger(count, count, 0, 0, 0), Map.of(), Map.of(), Optional.empty(), List.of());
    }

    /** Nothing was asked for. */
    static Account none() {
        return new Account(Ledger.none(), Map.of(), Map.of(), Optional.empty(), List.of());
    }

    Account standingAt(Standing where) {
        return new Account(ledger, byVcpu, byLine, standing.or(() -> Optional.of(where)), notes);
    }

    /** Whether each vCPU and each line took what was meant for it, and nothing else. */
    boolean allTaken() {
        return ledger.allTaken() && byVcpu.values().stream().allMatch(Ledger::allTaken)
                && byLine.values().stream().allMatch(Ledger::allTaken);
    }
}
