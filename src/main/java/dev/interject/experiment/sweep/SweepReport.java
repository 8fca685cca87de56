package dev.interject.experiment.sweep;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;

/**
 * The results of a sweep.
 *
 * @param rows    one for each instruction, in the order of execution; fewer than planned if the guest falls asleep and
 *                nothing wakes it, or if the sweep ended early
 * @param ending  {@code TAKEN} if each interrupt was taken as predicted, {@code NOT_TAKEN} if one was not, or why the
 *                sweep ended early
 * @param settingNotes what KVM made of settings that it changed
 */
public record SweepReport(SweptCode code, List<SweepRow> rows, Ending ending, List<String> settingNotes)
        implements
            Report {

    public SweepReport {
        rows = List.copyOf(rows);
        settingNotes = List.copyOf(settingNotes);
    }

    static SweepReport of(SweptCode code, List<SweepRow> rows, List<String> settingNotes) {
        long notTaken = rows.stream().filter(row -> row.result() == SweepRow.Result.NOT_TAKEN).count();
        long unpredicted = rows.stream().filter(row -> !row.isAsPredicted()).count();
        if (unpredicted == 0) {
            return new SweepReport(code, rows, Ending.allTaken(), settingNotes);
        }
        String never = notTaken == 0 ? "" : ", %d of them never".formatted(notTaken);
        return new SweepReport(code, rows, Ending.of(Outcome.NOT_TAKEN,
                "%d of %d were not taken as predicted%s".formatted(unpredicted, rows.size(), never)),
                settingNotes);
    }

    /** Whether the sweep reached its end. */
    public boolean isComplete() {
        return outcome() == Outcome.TAKEN || outcome() == Outcome.NOT_TAKEN;
    }

    /** Why a complete sweep has fewer rows than planned, in one line; empty if it has as many. */
    public Optional<String> note() {
        return isComplete() && rows.size() < code.count()
                ? Optional.of("the guest sleeps after %d of %d instructions, and nothing wakes it".formatted(
                        rows.size(), code.count()))
                : Optional.empty();
    }
}
