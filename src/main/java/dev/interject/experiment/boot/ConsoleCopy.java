package dev.interject.experiment.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Copies what a guest's console shows to a stream, on a thread of its own, so that a stream that is not read stops the
 * guest's output and not the host.
 */
final class ConsoleCopy {

    private static final int CHUNK = 1 << 13;

    private final InputStream shown;
    private final OutputStream target;
    private final Consumer<IOException> failed;
    private final Thread thread = Thread.ofPlatform().daemon().name("console").unstarted(this::copy);

    /** @param failed receives the failure of a write, after which the rest is dropped */
    ConsoleCopy(InputStream shown, OutputStream target, Consumer<IOException> failed) {
        this.shown = shown;
        this.target = target;
        this.failed = failed;
    }

    void start() {
        thread.start();
    }

    private void copy() {
        byte[] chunk = new byte[CHUNK];
        try {
            int length = shown.read(chunk);
            while (length >= 0) {
                target.write(chunk, 0, length);
                target.flush();
                length = shown.read(chunk);
            }
        } catch (IOException unwritable) {
            failed.accept(unwritable);
        }
    }

    /** After the end of the output: waits until all is written, or the time is up. */
    void await(Duration patience) {
        try {
            thread.join(patience);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
