package dev.interject.experiment.restore;

import java.util.Optional;

import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;

/**
 * One situation, restored in one order.
 *
 * @param savedAt the instruction that vCPU 0 was about to execute the first time, as a symbol
 * @param change  of the plan's order; empty if that was kept
 * @param result  the first that went wrong, or the last
 * @param exact   whether it is the order of the two swapped pieces that decides, not that of one of them and another
 * @param tried   how many times
 * @param wrong   how many of them went wrong
 */
public record RestoreRow(PendingSituation situation, Irqchip irqchip, String savedAt, Optional<OrderChange> change,
        boolean exact, TrialResult result, int tried, int wrong) {

    /** Whether nothing went wrong. */
    public boolean isKept() {
        return wrong == 0;
    }

    RestoreRow withExact(boolean decides) {
        return new RestoreRow(situation, irqchip, savedAt, change, decides, result, tried, wrong);
    }

    /** The situation with its irqchip. */
    public String where() {
        return "%s, %s".formatted(situation, irqchip);
    }
}
