package dev.interject.cli.output;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import dev.interject.linux.Terminal;

/** Standard input, output and error, of this process or of a test. */
public final class Console implements Output {

    private final OutputStream out;
    private final PrintStream err;
    private final Optional<InputStream> input;
    private final Style style;
    private final boolean interactive;
    private boolean written;

    private Console(OutputStream out, PrintStream err, Optional<InputStream> input, Style style,
            boolean interactive) {
        this.input = input;
        this.out = out;
        this.err = err;
        this.style = style;
        this.interactive = interactive;
    }

    /** The descriptors 0, 1 and 2. {@link System#out} is not used, since it hides that a write failed. */
    public static Console ofProcess() {
        return new Console(new FileOutputStream(FileDescriptor.out), System.err,
                Optional.of(new FileInputStream(FileDescriptor.in)), Style.ofStandardOutput(),
                Terminal.isTerminal(Terminal.STDERR));
    }

    /** Two streams that are no terminals, without input. */
    public static Console of(OutputStream out, OutputStream err) {
        return new Console(out, new PrintStream(err, true, StandardCharsets.UTF_8), Optional.empty(),
                Style.PLAIN, false);
    }

    @Override
    public Style style() {
        return style;
    }

    @Override
    public void write(Content content) {
        written = true;
        try {
            // not closed: that would close descriptor 1
            @SuppressWarnings("resource")
            OutputStream buffered = new BufferedOutputStream(out);
            content.writeTo(buffered);
            buffered.flush();
        } catch (IOException failed) {
            throw new OutputFailure("standard output", failed);
        }
    }

    /** Whether a result was written to standard output, even in part. */
    public boolean hasWritten() {
        return written;
    }

    /** Standard output, for what is written as it comes; it is not to be closed. */
    public OutputStream stream() {
        written = true;
        return out;
    }

    /** Standard input; empty for a console without input. */
    public Optional<InputStream> input() {
        return input;
    }

    /** Standard output for picocli's help and version; the caller checks {@link PrintWriter#checkError}. */
    public PrintWriter printer() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    public PrintStream err() {
        return err;
    }

    /** Whether standard error is a terminal. */
    public boolean isInteractive() {
        return interactive;
    }
}
