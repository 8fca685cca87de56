package dev.interject.interrupt.gate;

import java.util.Locale;
import java.util.Optional;

/**
 * What would become of an interrupt that is handed over now.
 *
 * @param because the gate that decides it; empty where all are open
 */
public record Prediction(Fate fate, Optional<Gate> because) {

    /** What can become of one. */
    public enum Fate {
        /** The handler runs. */
        TAKEN("would be taken"),
        /** It waits, and is taken when the gates open. */
        WAITS("would wait"),
        /** It is merged with one that waits. */
        MERGES("would be merged with one that waits"),
        /** Nothing is left of it. */
        DROPPED("would be dropped"),
        /** It leads nowhere, or elsewhere. */
        MISROUTED("would be misrouted"),
        /** The guest breaks. */
        BREAKS("would break the guest");

        private final String words;

        Fate(String words) {
            this.words = words;
        }

        /** In words that finish "it …". */
        public String words() {
            return words;
        }

        /** The word used in JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Prediction of(GatePath way) {
        Optional<Gate> first = way.firstThatDecides();
        if (first.isEmpty()) {
            return new Prediction(Fate.TAKEN, first);
        }
        boolean merges = way.has(Verdict.COALESCES);
        Fate fate = switch (first.get().verdict()) {
            case OPEN, NOT_PORTABLE -> throw new IllegalStateException("a gate that decides nothing");
            case COALESCES -> Fate.MERGES;
            case HOLDS, NOT_NOW -> merges ? Fate.MERGES : Fate.WAITS;
            case DROPS -> Fate.DROPPED;
            case MISROUTED -> Fate.MISROUTED;
            case BREAKS -> Fate.BREAKS;
        };
        return new Prediction(fate, first);
    }
}
