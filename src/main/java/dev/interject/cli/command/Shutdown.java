package dev.interject.cli.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.interject.experiment.Cancellation;

/**
 * Handles Ctrl-C and SIGTERM while a command runs: cancels the experiment, and gives the command time to print its
 * report before the JVM exits with 128 plus the signal's number, which is 130 for Ctrl-C.
 *
 * <p>Close it after the report is printed.
 */
public final class Shutdown implements AutoCloseable {

    /** A run ends within milliseconds; only a blocked output takes longer. */
    private static final long PATIENCE_MILLIS = 800;

    private final CountDownLatch reportPrinted = new CountDownLatch(1);
    private final Thread hook;

    private Shutdown(Cancellation cancellation) {
        this.hook = Thread.ofPlatform().name("shutdown").unstarted(() -> {
            cancellation.request();
            try {
                reportPrinted.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public static Shutdown cancels(Cancellation cancellation) {
        Shutdown shutdown = new Shutdown(cancellation);
        try {
            Runtime.getRuntime().addShutdownHook(shutdown.hook);
        } catch (IllegalStateException inProgress) { // the signal came first
            cancellation.request();
        }
        return shutdown;
    }

    @Override
    public void close() {
        reportPrinted.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException inProgress) {
            // it runs already, and was notified
        }
    }
}
