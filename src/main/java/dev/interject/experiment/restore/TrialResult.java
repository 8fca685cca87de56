package dev.interject.experiment.restore;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What happened to a guest that was restored.
 *
 * @param detail      in a few words; empty if the kind says all
 * @param expected    how many interrupts it had to take from then on
 * @param taken       how many it took
 * @param lost        how many of those it had to take it did not take
 * @param unexpected  how many it took besides
 * @param lateNanos   how late its timer ticked; below 0 if early; empty without a timer that ticks once
 * @param differences where its state differed from the saved one before it ran on, each in a line
 */
public record TrialResult(Kind kind, String detail, long expected, long taken, long lost, long unexpected,
        OptionalLong lateNanos, List<String> differences) {

    /** Copies the list. */
    public TrialResult {
        Objects.requireNonNull(kind, "kind");
        differences = List.copyOf(differences);
    }

    /** What happened to it. */
    public enum Kind {
        /** It took what was pending, each once. */
        KEPT,
        /** It took fewer. */
        LOST,
        /** It took one twice, or one that was not pending. */
        DOUBLED,
        /** Its timer ticked before it was due. */
        EARLY,
        /** Its timer ticked, or was still to tick, long after it was due. */
        LATE,
        /** It took an interrupt before an instruction at which it must not be taken. */
        MISPLACED,
        /** It crashed. */
        CRASHED,
        /** It does not come to rest. */
        STUCK,
        /** KVM does not take a piece. */
        REFUSED;

        /** Whether a host that is busy for long can cause it. */
        boolean dependsOnTime() {
            return this == EARLY || this == LATE || this == STUCK;
        }

        /** The word used in text and JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether nothing went wrong. */
    public boolean isKept() {
        return kind == Kind.KEPT;
    }

    static TrialResult without(Kind kind, String detail, long expected) {
        return new TrialResult(kind, detail, expected, 0, expected, 0, OptionalLong.empty(), List.of());
    }
}
