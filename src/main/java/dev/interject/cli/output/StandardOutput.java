package dev.interject.cli.output;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Standard output that tells when it cannot be written; {@link System#out} keeps that to itself. */
public final class StandardOutput {

    private StandardOutput() {}

    /** Something that writes, and may fail. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** @throws OutputFailure where not all of it could be written */
    public static void write(Content content) {
        try {
            // not closed: closing it would close descriptor 1 under the rest of the program
            @SuppressWarnings("resource")
            OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
            content.writeTo(out);
            out.flush();
        } catch (IOException failed) {
            throw new OutputFailure(failed);
        }
    }

    /** Writes text as UTF-8. */
    public static void write(String text) {
        write(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
