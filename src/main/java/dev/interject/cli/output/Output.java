package dev.interject.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Where a result goes: standard output or a file. */
public interface Output {

    /** Something that writes itself as bytes. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** How text is styled there. */
    Style style();

    /** @throws OutputFailure if not all of it could be written */
    void write(Content content);

    /** Writes text as UTF-8. */
    default void write(String text) {
        write(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
