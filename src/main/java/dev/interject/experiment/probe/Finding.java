package dev.interject.experiment.probe;

/** What a probe found. */
public sealed interface Finding {

    /** What was seen, or why nothing could be, in one line. */
    String evidence();

    /** The host does as the manuals say. */
    record Kept(String evidence) implements Finding {}

    /** The guest ran as it should, and the host did otherwise. */
    record Departs(String evidence) implements Finding {}

    /** The probe did not come to its end, so nothing is known. */
    record Inconclusive(String evidence) implements Finding {}

    /** The word used in JSON. */
    default String label() {
        return switch (this) {
            case Kept kept -> "kept";
            case Departs departs -> "departs";
            case Inconclusive untold -> "untold";
        };
    }
}
