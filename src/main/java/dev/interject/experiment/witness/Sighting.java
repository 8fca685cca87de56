package dev.interject.experiment.witness;

import java.util.OptionalLong;

import dev.interject.interrupt.Witness;

/** What a witness has seen of one interrupt. */
sealed interface Sighting {

    /** Not yet: the request waits, or is on its way. */
    record Nothing() implements Sighting {}

    /**
     * The CPU has taken it.
     *
     * @param at when, by {@link System#nanoTime()}; empty if only some time later
     * @param by whom it was seen
     */
    record Taken(OptionalLong at, Witness by) implements Sighting {

        static Taken untimed(Witness by) {
            return new Taken(OptionalLong.empty(), by);
        }
    }

    /** It waits no more, and no witness can tell whether its handler ran. */
    record Unknown(String why) implements Sighting {}
}
