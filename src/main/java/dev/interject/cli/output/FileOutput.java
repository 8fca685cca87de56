package dev.interject.cli.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file for the result; each write replaces its content. */
public record FileOutput(Path file) implements Output {

    @Override
    public Style style() {
        return Style.PLAIN;
    }

    @Override
    public void write(Content content) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            content.writeTo(out);
        } catch (IOException failed) {
            throw new OutputFailure(file.toString(), failed);
        }
    }
}
