package dev.interject.experiment.image;

import java.time.Duration;

/**
 * How long a guest runs until it is looked at again. A look stops it, while its timer does not stop: a guest that is
 * looked at too often only catches up with the ticks that it has missed meanwhile.
 */
public final class GrowingPause {

    private static final Duration FIRST = Duration.ofMillis(2);
    private static final Duration LONGEST = Duration.ofMillis(64);

    private Duration next = FIRST;

    /** A pause that begins with 2 ms. */
    public GrowingPause() {}

    /** The next pause, twice as long as the one before, up to 64 ms. */
    public Duration next() {
        Duration now = next;
        next = now.compareTo(LONGEST) < 0 ? now.multipliedBy(2) : LONGEST;
        return now;
    }
}
