package dev.interject.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.interject.experiment.Cancellation;

/**
 * Ctrl-C and SIGTERM: asks the run to end, and gives it time to print its report before the JVM goes.
 *
 * <p>The JVM then ends with 128 + the signal's number by itself, which is 130 for Ctrl-C.
 */
final class Shutdown {

    /** A run notices within milliseconds; what takes longer is an output that nobody reads. */
    private static final long PATIENCE_MILLIS = 800;

    private static final CountDownLatch REPORT_IS_OUT = new CountDownLatch(1);

    private Shutdown() {}

    static void onSignal(Cancellation cancellation) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
            cancellation.request();
            try {
                REPORT_IS_OUT.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException gone) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** The program has said all that it has to say. */
    static void reportIsOut() {
        REPORT_IS_OUT.countDown();
    }
}
