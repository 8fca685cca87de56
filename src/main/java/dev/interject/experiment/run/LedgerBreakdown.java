package dev.interject.experiment.run;

import java.util.Map;

import dev.interject.interrupt.Ledger;

/**
 * The ledger of a run, and its parts.
 *
 * @param ledger of all vCPUs and lines together
 * @param byVcpu the same for each vCPU: the target's, and what arrived at others; empty if nothing was injected
 * @param byLine the same for each line, if there are several; empty otherwise
 */
public record LedgerBreakdown(Ledger ledger, Map<Integer, Ledger> byVcpu, Map<Integer, Ledger> byLine) {

    /** Of a run without parts. */
    public static LedgerBreakdown of(Ledger ledger) {
        return new LedgerBreakdown(ledger, Map.of(), Map.of());
    }

    /** The ledger of a line: the whole one if there are not several lines. */
    Ledger ofLine(int line) {
        return byLine.getOrDefault(line, ledger);
    }
}
