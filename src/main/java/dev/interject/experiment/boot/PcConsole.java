package dev.interject.experiment.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

import dev.interject.device.pc.Serial16550;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.InvalidValueException;

/**
 * The console of a PC: what the guest writes to its serial port and to its debug console, and what is typed into the
 * serial port. Thread-safe; each byte goes to one reader.
 *
 * <p>When 64 KiB were shown and not read, the guest waits at its next character, as a program does whose pipe is full.
 * {@link #discard} ends that, and so do {@link #await} and {@link BootedPc#awaitEnd} while they wait: the oldest
 * bytes are dropped then. The output ends when the guest ends, or the PC is closed; what was shown before can still
 * be read.
 */
public final class PcConsole {

    private static final String CLOSED = "the PC is closed";

    private static final int LONGEST_LINE = 100;

    private final ConsoleBuffer shown;
    private final Serial16550 serial;
    private final BootMonitor monitor;
    private final InputStream output = new Output();
    private final OutputStream input = new Input();

    PcConsole(ConsoleBuffer shown, Serial16550 serial, BootMonitor monitor) {
        this.shown = shown;
        this.serial = serial;
        this.monitor = monitor;
    }

    /**
     * What the guest shows, as bytes. A read waits for the guest; an interrupt of the thread ends it with an
     * {@link InterruptedIOException}. Closing the stream is {@link #discard}.
     */
    public InputStream output() {
        return output;
    }

    /**
     * What is typed. A write waits while the guest has not read 4 KiB before it, and fails with an {@link
     * IOException} if the guest ends. Closing the stream does nothing.
     */
    public OutputStream input() {
        return input;
    }

    /**
     * Types a text, in UTF-8. A key Enter is usually {@code \r}.
     *
     * @throws IOException if the guest ends before it has all, or the thread is interrupted
     */
    public void type(String text) throws IOException {
        input.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Waits until the guest shows a text, and reads up to its end. What was shown before the call counts, unless it was
     * read before. If the text does not come, nothing is read.
     *
     * @param  text                 not empty, compared in UTF-8
     * @param  time                 how long at most
     * @return                      what was shown up to the end of the text, at most the last 64 KiB of it
     * @throws TimeoutException     if the time is up
     * @throws GuestEndedException  if the guest ends first
     * @throws IllegalStateException if the PC is closed
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public String await(String text, Duration time) throws InterruptedException, TimeoutException {
        if (text.isEmpty()) {
            throw new InvalidValueException("text", "must not be empty");
        }
        return shown.readTo(text, Deadline.after(time)).orElseThrow(() -> missing(text, time));
    }

    private TimeoutException missing(String text, Duration time) {
        String last = shown.lastLine();
        String shownLast = last.isEmpty() ? "it shows nothing that was not read"
                : "its last line is '%s'".formatted(
                        last.length() > LONGEST_LINE ? "…" + last.substring(last.length() - LONGEST_LINE) : last);
        monitor.end().ifPresent(end -> {
            throw new GuestEndedException("the guest ended before its console showed '%s': %s; %s".formatted(text,
                    end.describe(), shownLast), end);
        });
        if (shown.isEnded()) {
            throw new IllegalStateException(CLOSED);
        }
        return new TimeoutException("the console did not show '%s' within %,d ms; %s".formatted(text, time.toMillis(),
                shownLast));
    }

    /** From now on the guest waits for no reader: what is not read in time is dropped. */
    public void discard() {
        shown.drop();
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the guest");
    }

    private final class Output extends InputStream {

        private static final int BYTE = 0xff;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & BYTE;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            try {
                return length == 0 ? 0 : shown.read(target, offset, length);
            } catch (InterruptedException interrupted) {
                throw interrupted();
            }
        }

        @Override
        public int available() {
            return shown.available();
        }

        @Override
        public void close() {
            discard();
        }
    }

    private final class Input extends OutputStream {

        @Override
        public void write(int character) throws IOException {
            write(new byte[]{(byte) character}, 0, 1);
        }

        @Override
        public void write(byte[] characters, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, characters.length);
            byte[] typed = new byte[length];
            System.arraycopy(characters, offset, typed, 0, length);
            boolean received;
            try {
                received = serial.receive(typed, length);
            } catch (InterruptedException interrupted) {
                throw interrupted();
            }
            if (!received) {
                throw new IOException(
                        monitor.end().map(end -> "the guest has ended: " + end.describe()).orElse(CLOSED));
            }
        }
    }
}
