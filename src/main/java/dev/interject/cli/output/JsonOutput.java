package dev.interject.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/** Writes JSON: documents, and the fields that Jackson has no single call for. */
public final class JsonOutput {

    private static final JsonFactory FACTORY =
            new JsonFactory().configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false);

    private JsonOutput() {}

    /** Something that writes one JSON value, or the fields of an object. */
    @FunctionalInterface
    public interface Value {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** Writes the fields of an object. */
    @FunctionalInterface
    public interface Fields<T> {
        void write(T item, JsonGenerator json) throws IOException;
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
    public static void writeNumber(JsonGenerator json, String field, OptionalLong number) throws IOException {
        if (number.isPresent()) {
            json.writeNumberField(field, number.getAsLong());
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

    /** Writes a field with a number of 64 bits as a string in hexadecimal, such as "0x9229". */
    public static void writeHex(JsonGenerator json, String field, long number) throws IOException {
        json.writeStringField(field, "0x" + Long.toHexString(number));
    }

    /** Writes a field with one object. */
    public static void writeObject(JsonGenerator json, String field, Value fields) throws IOException {
        json.writeObjectFieldStart(field);
        fields.writeTo(json);
        json.writeEndObject();
    }

    /** Writes a field with an object, or with null if there is none. */
    public static <T> void writeObject(JsonGenerator json, String field, Optional<T> item, Fields<T> fields)
            throws IOException {
        json.writeFieldName(field);
        if (item.isEmpty()) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        fields.write(item.get(), json);
        json.writeEndObject();
    }

    /** Writes a field with an array of numbers. */
    public static void writeNumbers(JsonGenerator json, String field, Iterable<Integer> numbers) throws IOException {
        json.writeArrayFieldStart(field);
        for (int number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    /** Writes a field with an array of strings. */
    public static void writeStrings(JsonGenerator json, String field, Iterable<String> strings) throws IOException {
        json.writeArrayFieldStart(field);
        for (String string : strings) {
            json.writeString(string);
        }
        json.writeEndArray();
    }

    /** Writes a field with an object that has a number for each key. */
    public static void writeNumbers(JsonGenerator json, String field, Map<?, ? extends Number> numbers)
            throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<?, ? extends Number> number : numbers.entrySet()) {
            json.writeNumberField(number.getKey().toString(), number.getValue().longValue());
        }
        json.writeEndObject();
    }

    /** Writes a field with an array of objects, one for each item. */
    public static <T> void writeObjects(JsonGenerator json, String field, Iterable<T> items, Fields<T> fields)
            throws IOException {
        json.writeFieldName(field);
        writeObjects(json, items, fields);
    }

    /** Writes an array of objects, one for each item. */
    public static <T> void writeObjects(JsonGenerator json, Iterable<T> items, Fields<T> fields) throws IOException {
        json.writeStartArray();
        for (T item : items) {
            json.writeStartObject();
            fields.write(item, json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Writes a document: one object with these fields, and a line end. */
    public static void writeObject(OutputStream out, Value fields) throws IOException {
        write(out, json -> {
            json.writeStartObject();
            fields.writeTo(json);
            json.writeEndObject();
        });
    }

    /** Writes a document: one value and a line end. */
    public static void write(OutputStream out, Value value) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            value.writeTo(json);
        }
        out.write('\n');
    }
}
