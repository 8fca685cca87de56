package dev.interject.cli.output;

import java.io.IOException;
import java.io.OutputStream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/** Writes one JSON value and a line end. */
public final class JsonOutput {

    private static final JsonFactory FACTORY =
            new JsonFactory().configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false);

    private JsonOutput() {}

    /** Something that writes one JSON value. */
    @FunctionalInterface
    public interface Value {
        void writeTo(JsonGenerator json) throws IOException;
    }

    public static void write(OutputStream out, Value value) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            value.writeTo(json);
        }
        out.write('\n');
    }
}
