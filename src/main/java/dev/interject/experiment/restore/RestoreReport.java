package dev.interject.experiment.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Report;
import dev.interject.machine.snapshot.Piece;

/**
 * What happened to the guests that were saved and restored.
 *
 * @param rows         in the order of the situations; with changes of the order, those that went wrong, after the row
 *                     without a change
 * @param changes      how many changes were tried
 * @param requirements what the rows with changes show
 * @param leftOut      pieces that machines have, and that the plan's order does not restore
 * @param notes        what is to be known of this host, each in a sentence without a full stop
 */
public record RestoreReport(RestorePlan plan, List<RestoreRow> rows, int changes, List<Requirement> requirements,
        List<Piece> leftOut, List<String> notes, Ending ending) implements Report {

    /** Copies the lists. */
    public RestoreReport {
        Objects.requireNonNull(plan, "plan");
        rows = List.copyOf(rows);
        requirements = List.copyOf(requirements);
        leftOut = List.copyOf(leftOut);
        notes = List.copyOf(notes);
    }

    /** Nothing was restored. */
    public static RestoreReport ended(RestorePlan plan, Ending ending) {
        return new RestoreReport(plan, List.of(), 0, List.of(), List.of(), List.of(), ending);
    }

    /** The rows without a change of the order. */
    public List<RestoreRow> unchanged() {
        return rows.stream().filter(row -> row.change().isEmpty()).toList();
    }

    /** The rows with a change, all of which went wrong. */
    public List<RestoreRow> changed() {
        List<RestoreRow> changed = new ArrayList<>(rows);
        changed.removeIf(row -> row.change().isEmpty());
        return changed;
    }
}
