package dev.interject.cli.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.interject.experiment.Cancellation;

/**
 * Ctrl-C and SIGTERM while a command runs: asks it to end, and gives it time to print its report before the JVM goes.
 *
 * <p>The JVM then ends with 128 + the signal's number by itself, which is 130 for Ctrl-C. Closed when the report is
 * out.
 */
public final class Shutdown implements AutoCloseable {

    /** A run notices within milliseconds; what takes longer is an output that nobody reads. */
    private static final long PATIENCE_MILLIS = 800;

    private final CountDownLatch reportIsOut = new CountDownLatch(1);
    private final Thread hook;

    private Shutdown(Cancellation cancellation) {
        this.hook = Thread.ofPlatform().name("shutdown").unstarted(() -> {
            cancellation.request();
            try {
                reportIsOut.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException gone) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public static Shutdown cancels(Cancellation cancellation) {
        Shutdown shutdown = new Shutdown(cancellation);
        try {
            Runtime.getRuntime().addShutdownHook(shutdown.hook);
        } catch (IllegalStateException underway) { // the signal was quicker
            cancellation.request();
        }
        return shutdown;
    }

    @Override
    public void close() {
        reportIsOut.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException underway) {
            // it has run, and has been told
        }
    }
}
