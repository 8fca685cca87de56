package dev.interject.cli.command;

import java.util.function.IntSupplier;

import dev.interject.cli.output.Console;
import dev.interject.cli.output.PlainText;
import dev.interject.experiment.run.RunObserver;

/** A line on standard error that is rewritten while an experiment runs; nothing if that is not a terminal. */
public final class ProgressLine implements RunObserver, AutoCloseable {

    private static final long FIRST_AFTER_MILLIS = 500;
    private static final long RENEW_MILLIS = 200;
    private static final String CLEAR = "\r\033[K";

    private final Console console;
    private volatile boolean shown;
    private volatile Thread ticker;

    ProgressLine(Console console) {
        this.console = console;
    }

    /** Replaces what the line shows. */
    public void show(String text) {
        if (console.isInteractive()) {
            shown = true;
            console.err().print(CLEAR + PlainText.line(text));
        }
    }

    /** Shows how many interrupts were taken so far, after half a second for the first time. */
    @Override
    public void injecting(int count, IntSupplier takenSoFar) {
        if (console.isInteractive()) {
            ticker = Thread.ofPlatform().daemon().name("progress").start(() -> tick(count, takenSoFar));
        }
    }

    private void tick(int count, IntSupplier takenSoFar) {
        try {
            Thread.sleep(FIRST_AFTER_MILLIS);
            while (true) {
                int taken = takenSoFar.getAsInt();
                show("%,d of %,d taken (%d %%)".formatted(taken, count, 100L * taken / count));
                Thread.sleep(RENEW_MILLIS);
            }
        } catch (InterruptedException closed) {
            // the end of this thread
        }
    }

    /** Clears the line; it may show something again. */
    public void clear() {
        if (shown) {
            console.err().print(CLEAR);
        }
    }

    /** Clears the line. */
    @Override
    public void close() {
        Thread running = ticker;
        if (running != null) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        clear();
    }
}
