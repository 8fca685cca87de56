package dev.interject.experiment.probe;

/** The result of a probe. */
public sealed interface Finding {

    /** What was observed, or why nothing could be, in one line. */
    String evidence();

    /** The host follows the rule. */
    record Kept(String evidence) implements Finding {}

    /** The guest worked, but the host deviates from the rule. */
    record Departs(String evidence) implements Finding {}

    /** The probe did not complete, so it is unknown whether the host follows the rule. */
    record Inconclusive(String evidence) implements Finding {}

    /** The name used in JSON. */
    default String label() {
        return switch (this) {
            case Kept _ -> "kept";
            case Departs _ -> "departs";
            case Inconclusive _ -> "inconclusive";
        };
    }
}
