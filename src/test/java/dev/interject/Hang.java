package dev.interject;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The one limit of tests: only what hangs takes as long, on however busy a machine. Measures no speed; {@code
 * scripts/signal-cost} and {@code interject bench} do.
 *
 * <p>{@code junit-platform.properties} ends a test that hangs elsewhere.
 */
public final class Hang {

    /** What must happen has not happened after this time. */
    public static final Duration AFTER = Duration.ofMinutes(5);

    private static final long PAUSE_MILLIS = 1;

    private Hang() {}

    /** Waits until a condition holds that must come to hold. */
    public static void orUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + AFTER.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it did not happen within " + AFTER);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
