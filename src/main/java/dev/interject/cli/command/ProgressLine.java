package dev.interject.cli.command;

import java.util.function.IntSupplier;

import dev.interject.experiment.run.RunObserver;
import dev.interject.linux.Terminal;

/** One line on standard error, renewed while a long run goes on; nothing where that is not a terminal. */
public final class ProgressLine implements RunObserver, AutoCloseable {

    private static final long FIRST_AFTER_MILLIS = 500;
    private static final long RENEW_MILLIS = 200;
    private static final String CLEAR = "\r\033[K";

    private final boolean wanted;
    private volatile Thread ticker;

    private ProgressLine(boolean wanted) {
        this.wanted = wanted;
    }

    public static ProgressLine onTerminal() {
        return new ProgressLine(Terminal.isTerminal(Terminal.STDERR));
    }

    @Override
    public void injecting(int count, IntSupplier takenSoFar) {
        if (wanted) {
            ticker = Thread.ofPlatform().daemon().name("progress").start(() -> tick(count, takenSoFar));
        }
    }

    private static void tick(int count, IntSupplier takenSoFar) {
        try {
            Thread.sleep(FIRST_AFTER_MILLIS);
        } catch (InterruptedException shortRun) {
            return; // nothing was shown, so nothing is to be cleared
        }
        try {
            while (true) {
                int taken = takenSoFar.getAsInt();
                System.err.printf("%s%,d of %,d taken (%d %%)", CLEAR, taken, count, 100L * taken / count);
                Thread.sleep(RENEW_MILLIS);
            }
        } catch (InterruptedException done) {
            System.err.print(CLEAR);
        }
    }

    @Override
    public void close() {
        Thread running = ticker;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
