package dev.interject.cli.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;

/**
 * Handles Ctrl-C and SIGTERM while a command runs: cancels the experiment, and gives the command time to print its
 * report before the JVM exits with 128 plus the signal's number, which is 130 for Ctrl-C.
 *
 * <p>Close it after the report is printed.
 */
public final class Shutdown implements AutoCloseable {

    /**
     * A run ends and prints its report within milliseconds, on a busy machine within seconds; only an output
     * that is not read takes longer. Docker kills a container 10 s after {@code docker stop}.
     */
    private static final long PATIENCE_SECONDS = 8;

    private final CountDownLatch reportPrinted = new CountDownLatch(1);
    private final Thread hook;

    private Shutdown(Cancellation cancellation) {
        this.hook = Thread.ofPlatform().name("shutdown").unstarted(() -> {
            cancellation.request();
            try {
                reportPrinted.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public static Shutdown cancels(Cancellation cancellation) {
        Shutdown shutdown = new Shutdown(cancellation);
        try {
            Runtime.getRuntime().addShutdownHook(shutdown.hook);
        } catch (IllegalStateException inProgress) {
            // The signal came first. Nothing waits for a report, so it would be cut: this waits for the JVM's end.
            System.exit(Outcome.INTERRUPTED.exitCode());
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
