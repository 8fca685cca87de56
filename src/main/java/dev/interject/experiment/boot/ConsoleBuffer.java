package dev.interject.experiment.boot;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

import dev.interject.experiment.Deadline;

/**
 * What a guest's console has shown and was not read yet, at most {@value #CAPACITY} bytes. A guest that shows more
 * waits for a reader, or the oldest bytes are dropped.
 */
final class ConsoleBuffer implements IntConsumer {

    static final int CAPACITY = 1 << 16;

    private final byte[] bytes = new byte[CAPACITY];
    private Optional<TextMatcher> until;
    private final Runnable shown;
    /** How many bytes have left the buffer since the start, and how many have come. */
    private long taken;
    private long come;
    private int dropping;
    private boolean ended;

    /**
     * @param until the text to look for
     * @param shown runs on the guest's thread when the text was written
     */
    ConsoleBuffer(Optional<String> until, Runnable shown) {
        this.until = until.map(TextMatcher::new);
        this.shown = shown;
    }

    /** Takes a byte from the guest; waits while there is no room. */
    @Override
    public void accept(int character) {
        if (append(character)) {
            shown.run();
        }
    }

    /** Returns whether the text ends with it. */
    private synchronized boolean append(int character) {
        while (size() == CAPACITY && !ended && dropping == 0) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        if (ended) {
            return false;
        }
        taken += size() == CAPACITY ? 1 : 0;
        bytes[index(come)] = (byte) character;
        come++;
        notifyAll();
        boolean isShown = until.isPresent() && until.get().accept(character);
        until = isShown ? Optional.empty() : until; // only the first time counts
        return isShown;
    }

    private int size() {
        return (int) (come - taken);
    }

    private static int index(long position) {
        return (int) (position % CAPACITY);
    }

    synchronized int available() {
        return size();
    }

    /** Waits for bytes, and takes up to {@code length}, which is above 0; -1 if no more come. */
    synchronized int read(byte[] target, int offset, int length) throws InterruptedException {
        while (size() == 0 && !ended) {
            wait();
        }
        if (size() == 0) {
            return -1;
        }
        int first = index(taken);
        int count = Math.min(Math.min(length, size()), CAPACITY - first);
        System.arraycopy(bytes, first, target, offset, count);
        take(count);
        return count;
    }

    private void take(long count) {
        taken += count;
        notifyAll();
    }

    /**
     * Waits for a text, and takes the bytes up to its end; meanwhile the guest does not wait for a reader.
     *
     * @return what was taken; empty, and nothing taken, if the time is up or no more comes
     */
    synchronized Optional<String> readTo(String text, Deadline deadline) throws InterruptedException {
        TextMatcher matcher = new TextMatcher(text);
        long seen = taken;
        while (true) {
            seen = Math.max(seen, taken); // another thread may read as well
            while (seen < come) {
                boolean found = matcher.accept(Byte.toUnsignedInt(bytes[index(seen)]));
                seen++;
                if (found) {
                    String shown = text(seen);
                    take(seen - taken);
                    return Optional.of(shown);
                }
            }
            if (ended || deadline.isOver()) {
                return Optional.empty();
            }
            if (size() == CAPACITY) {
                take(CAPACITY / 2); // all of it has been seen
            }
            TimeUnit.NANOSECONDS.timedWait(this, deadline.nanosLeft());
        }
    }

    /** What is in the buffer up to a position. */
    private String text(long end) {
        byte[] text = new byte[(int) (end - taken)];
        for (int i = 0; i < text.length; i++) {
            text[i] = bytes[index(taken + i)];
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The last line that was shown and not read, without control characters; empty if there is none. */
    synchronized String lastLine() {
        return text(come).lines()
                .map(line -> line.replaceAll("\\p{Cntrl}", "").strip())
                .filter(line -> !line.isEmpty())
                .reduce("", (last, line) -> line);
    }

    /** From now on the guest does not wait for a reader. */
    synchronized void drop() {
        dropping++;
        notifyAll();
    }

    /** Ends one {@link #drop}. */
    synchronized void keep() {
        dropping--;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Takes nothing more from the guest; what is there can still be read. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }
}
