package dev.interject.experiment.state;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

/** Reads one JSON value, within limits that no state of a machine comes near. */
final class JsonSource {

    private static final int DEEPEST = 32;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_NUMBER = 40;
    private static final int LONGEST_TEXT = 64 << 20;
    private static final long LARGEST = 64L << 20;
    private static final int MOST_VALUES = 1_000_000;

    /** Arrays of a report of run or trace, which may be long. */
    private static final Set<String> SKIPPED = Set.of("/interrupts", "/run/interrupts", "/traceEvents");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNameLength(LONGEST_NAME)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(LONGEST_TEXT)
                    .maxDocumentLength(LARGEST)
                    .build())
            .build();

    private final JsonParser parser;
    private int values;

    private JsonSource(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The value of a stream, which is read to its end.
     *
     * @throws InvalidStateException if it is not one JSON value, or is larger than 64 MiB
     */
    static JsonValue read(InputStream in) {
        try (JsonParser parser = FACTORY.createParser(in)) {
            parser.nextToken();
            JsonSource source = new JsonSource(parser);
            JsonValue value = source.value("");
            if (parser.nextToken() != null) {
                throw new InvalidStateException("", "something follows the JSON value" + at(parser),
                        "write one JSON object");
            }
            return value;
        } catch (JacksonException malformed) {
            String where = malformed.getLocation() == null ? ""
                    : " (line %d, column %d)".formatted(malformed.getLocation().getLineNr(),
                            malformed.getLocation().getColumnNr());
            throw new InvalidStateException("",
                    "not the JSON of a state: " + malformed.getOriginalMessage().replaceAll("\\s+", " ") + where,
                    "write it as docs/state.md says");
        } catch (IOException unreadable) {
            throw new InvalidStateException("", "cannot be read: " + unreadable.getMessage(), "check the file");
        }
    }

    private static String at(JsonParser parser) {
        return " (line %d, column %d)".formatted(parser.currentTokenLocation().getLineNr(),
                parser.currentTokenLocation().getColumnNr());
    }

    private JsonValue value(String pointer) throws IOException {
        if (++values > MOST_VALUES) {
            throw new InvalidStateException(pointer, "more than %,d values".formatted(MOST_VALUES),
                    "write bytes as one string of hexadecimal digits");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case null -> throw new InvalidStateException("", "there is no JSON value", "write one JSON object");
            case START_OBJECT -> object(pointer);
            case START_ARRAY -> array(pointer);
            case VALUE_STRING -> new JsonValue.Text(pointer, parser.getText());
            case VALUE_NUMBER_INT -> new JsonValue.Whole(pointer, parser.getBigIntegerValue());
            case VALUE_TRUE, VALUE_FALSE -> new JsonValue.Flag(pointer, parser.getBooleanValue());
            case VALUE_NULL -> new JsonValue.Null(pointer);
            case VALUE_NUMBER_FLOAT -> new JsonValue.Fraction(pointer, parser.getText());
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("no value begins with " + token);
        };
    }

    private JsonValue.Struct object(String pointer) throws IOException {
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(pointer + "/" + name.replace("~", "~0").replace("/", "~1")));
        }
        return new JsonValue.Struct(pointer, fields);
    }

    private JsonValue.Array array(String pointer) throws IOException {
        List<JsonValue> items = new ArrayList<>();
        if (SKIPPED.contains(pointer)) {
            parser.skipChildren();
            return new JsonValue.Array(pointer, items);
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(pointer + "/" + items.size()));
        }
        return new JsonValue.Array(pointer, items);
    }
}
