package dev.interject.experiment.sweep;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.interrupt.gate.Prediction;

/**
 * What became of one interrupt after the other, each injected at the next instruction of a stretch of code.
 *
 * @param rows    in the order of execution; fewer than planned where the guest fell asleep for good
 * @param refusal why there was none at all; empty where there was
 */
public record SweepReport(SweepPlan plan, List<Row> rows, Optional<String> refusal) implements Report {

    public SweepReport {
        rows = List.copyOf(rows);
    }

    /**
     * One instruction, before it is executed.
     *
     * @param where         its symbol and offset
     * @param interruptFlag RFLAGS.IF
     * @param shadow        of STI or MOV SS
     * @param ready         {@code ready_for_interrupt_injection}
     * @param halted        the vCPU sleeps
     * @param prediction    what would become of an interrupt that is handed over here
     * @param takenAfter    how many instructions were executed before it was taken; empty where it was not taken within
     *                      the next {@link SweepExperiment#PATIENCE}
     * @param takenAt       the instruction before which it was taken; empty where it was not
     */
    public record Row(String where, boolean interruptFlag, String shadow, boolean ready, boolean halted,
            Prediction prediction, Optional<Integer> takenAfter, Optional<String> takenAt) {

        /** Whether it happened as predicted: taken at once, or not; one that merges goes with the one that waits. */
        public boolean isAsPredicted() {
            boolean atOnce = takenAfter.map(after -> after == 0).orElse(false);
            return prediction.fate() == Prediction.Fate.MERGES
                    || atOnce == (prediction.fate() == Prediction.Fate.TAKEN);
        }
    }

    @Override
    public Outcome outcome() {
        if (refusal.isPresent()) {
            return Outcome.REFUSED;
        }
        return rows.stream().allMatch(Row::isAsPredicted) ? Outcome.TAKEN : Outcome.NOT_TAKEN;
    }

    @Override
    public Optional<String> reason() {
        long otherwise = rows.stream().filter(row -> !row.isAsPredicted()).count();
        return refusal.or(() -> otherwise == 0
                ? Optional.empty()
                : Optional.of("%d of %d were not taken as predicted".formatted(otherwise, rows.size())));
    }
}
