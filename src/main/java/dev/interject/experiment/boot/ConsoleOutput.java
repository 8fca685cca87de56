package dev.interject.experiment.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What a guest's console shows, on its way to a stream: a thread writes it, so that a stream that is not read stops the
 * guest's output and not the host. At most {@value #CAPACITY} bytes wait.
 */
final class ConsoleOutput implements IntConsumer {

    static final int CAPACITY = 1 << 16;

    private final OutputStream stream;
    private final Optional<TextMatcher> until;
    private final Runnable shown;
    private final Consumer<IOException> failed;
    private final Thread writer = Thread.ofPlatform().daemon().name("console").unstarted(this::write);
    private final byte[] waiting = new byte[CAPACITY];
    private int first;
    private int size;
    private boolean closed;

    /**
     * @param stream where it goes
     * @param until  the text to look for
     * @param shown  runs on the guest's thread when the text was written
     * @param failed receives the failure of a write, after which the rest is dropped
     */
    ConsoleOutput(OutputStream stream, Optional<String> until, Runnable shown, Consumer<IOException> failed) {
        this.stream = stream;
        this.until = until.map(TextMatcher::new);
        this.shown = shown;
        this.failed = failed;
    }

    void start() {
        writer.start();
    }

    /** Takes a byte from the guest; waits while too many wait. */
    @Override
    public void accept(int character) {
        if (append((byte) character) && until.isPresent() && until.get().accept(character)) {
            shown.run();
        }
    }

    private synchronized boolean append(byte character) {
        while (size == CAPACITY && !closed) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        if (closed) {
            return false;
        }
        waiting[(first + size) % CAPACITY] = character;
        size++;
        if (size == 1) {
            notifyAll();
        }
        return true;
    }

    private void write() {
        byte[] chunk = new byte[CAPACITY];
        try {
            int length = take(chunk);
            while (length > 0) {
                stream.write(chunk, 0, length);
                stream.flush();
                length = take(chunk);
            }
        } catch (IOException unwritable) {
            stop();
            failed.accept(unwritable);
        }
    }

    /** What waits; 0 when nothing waits and nothing comes any more. */
    private synchronized int take(byte[] chunk) {
        while (size == 0 && !closed) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }
        int length = size;
        for (int i = 0; i < length; i++) {
            chunk[i] = waiting[(first + i) % CAPACITY];
        }
        first = (first + length) % CAPACITY;
        size = 0;
        notifyAll();
        return length;
    }

    /** Takes nothing more from the guest, which no longer waits; what waits is still written. */
    synchronized void stop() {
        closed = true;
        notifyAll();
    }

    /** Stops, and waits until all is written, or the time is up. */
    void close(Duration patience) {
        stop();
        try {
            writer.join(TimeUnit.NANOSECONDS.toMillis(patience.toNanos()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
