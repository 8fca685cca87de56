package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What would happen to an interrupt that is injected now.
 *
 * @param because the gate that decides it; empty if all are open. If it coalesces, it is the gate where it does
 * @param heldBy  if it coalesces, or is dropped while one is pending, the gate that holds the pending one; empty if
 *                none does
 * @param hingesOn the gates of which the state lacks what decides; empty for a state that is whole
 * @param arrivals where it arrives; several if it is taken on more than one branch, empty if it does not arrive now
 */
public record Prediction(Fate fate, Optional<Gate> because, Optional<Gate> heldBy, List<Gate> hingesOn,
        List<Arrival> arrivals) {

    /** What can happen to an interrupt. */
    public enum Fate {
        /** The handler runs. */
        TAKEN("would be taken"),
        /** No gate that is known keeps it, and one that is not known may. */
        UNKNOWN("would be taken, if what is unknown lets it through"),
        /** It stays pending, and is taken when the gates open. */
        WAITS("would wait"),
        /** It coalesces with a pending one. */
        MERGES("would coalesce with a pending one"),
        /** It is discarded. */
        DROPPED("would be dropped"),
        /** It arrives elsewhere, or nowhere. */
        MISROUTED("would be misrouted"),
        /** The guest breaks. */
        BREAKS("would break the guest");

        private final String words;

        Fate(String words) {
            this.words = words;
        }

        /** A phrase that completes "the interrupt …". */
        public String words() {
            return words;
        }

        /** The word used in JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Prediction {
        hingesOn = List.copyOf(hingesOn);
        arrivals = List.copyOf(arrivals);
    }

    /** The vectors at which it arrives, each once. */
    public List<Integer> vectors() {
        return arrivals.stream().map(Arrival::vector).distinct().toList();
    }
}
