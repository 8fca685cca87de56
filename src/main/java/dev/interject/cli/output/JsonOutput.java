package dev.interject.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalDouble;
import java.util.OptionalInt;

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

    /** Writes a field with a number, or with null if there is none. */
    public static void writeNumber(JsonGenerator json, String field, OptionalInt number) throws IOException {
        if (number.isPresent()) {
            json.writeNumberField(field, number.getAsInt());
        } else {
            json.writeNullField(field);
        }
    }

    /** Writes a field with a number, or with null if there is none. */
    public static void writeNumber(JsonGenerator json, String field, OptionalDouble number) throws IOException {
        if (number.isPresent()) {
            json.writeNumberField(field, number.getAsDouble());
        } else {
            json.writeNullField(field);
        }
    }

    public static void write(OutputStream out, Value value) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            value.writeTo(json);
        }
        out.write('\n');
    }
}
