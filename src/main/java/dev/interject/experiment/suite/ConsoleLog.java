package dev.interject.experiment.suite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/** Writes what a test shows into its log, and keeps the lines that say why it failed. Thread-safe. */
final class ConsoleLog extends OutputStream {

    private static final int LONGEST_LINE = 1 << 10;
    private static final int LAST_LINES = 5;
    private static final String SUMMARY = "SUMMARY: ";
    private static final String FAILURE = "FAIL";

    private final OutputStream log;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<String> last = new ArrayDeque<>();
    private Optional<String> firstFailure = Optional.empty();

    /** @param log where all goes; this closes it */
    ConsoleLog(OutputStream log) {
        this.log = log;
    }

    @Override
    public synchronized void write(int character) throws IOException {
        log.write(character);
        add(character);
    }

    @Override
    public synchronized void write(byte[] characters, int offset, int length) throws IOException {
        log.write(characters, offset, length);
        for (int i = 0; i < length; i++) {
            add(characters[offset + i]);
        }
    }

    private void add(int character) {
        if (character == '\n') {
            end();
        } else if (line.size() < LONGEST_LINE) {
            line.write(character);
        }
    }

    private void end() {
        String text = line.toString(StandardCharsets.UTF_8).strip();
        line.reset();
        if (text.isEmpty()) {
            return;
        }
        last.addLast(text);
        if (last.size() > LAST_LINES) {
            last.removeFirst();
        }
        if (firstFailure.isEmpty() && text.startsWith(FAILURE)) {
            firstFailure = Optional.of(text);
        }
    }

    /** The first line that begins with FAIL. */
    synchronized Optional<String> firstFailure() {
        return firstFailure;
    }

    /** What kvm-unit-tests reports at the end, such as "12 tests, 1 unexpected failures". */
    synchronized Optional<String> summary() {
        return last.stream()
                .filter(text -> text.startsWith(SUMMARY))
                .map(text -> text.substring(SUMMARY.length()))
                .findFirst();
    }

    /** The last line that is not empty. */
    synchronized Optional<String> lastLine() {
        if (line.size() > 0) {
            end();
        }
        Iterator<String> backwards = last.descendingIterator();
        return backwards.hasNext() ? Optional.of(backwards.next()) : Optional.empty();
    }

    @Override
    public synchronized void flush() throws IOException {
        log.flush();
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
    }
}
