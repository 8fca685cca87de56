package dev.interject.experiment.state;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A JSON value, with the pointer to it (RFC 6901). */
sealed interface JsonValue {

    String pointer();

    /** What kind of value it is, for messages. */
    String kind();

    /** The pointers to the fields in it that nothing has read. */
    static Stream<String> unread(JsonValue value) {
        return switch (value) {
            case Struct struct -> struct.fields().entrySet().stream().flatMap(field -> {
                boolean isRead = struct.read().contains(field.getKey());
                return isRead ? unread(field.getValue()) : Stream.of(field.getValue().pointer());
            });
            case Array array -> array.items().stream().flatMap(JsonValue::unread);
            case Text _,Whole _,Fraction _,Flag _,Null _ -> Stream.empty();
        };
    }

    /** @param read the fields that were read, or that say again what others say */
    record Struct(String pointer, Map<String, JsonValue> fields, Set<String> read) implements JsonValue {

        Struct(String pointer, Map<String, JsonValue> fields) {
            this(pointer, fields, new HashSet<>());
        }

        @Override
        public String kind() {
            return "an object";
        }
    }

    record Array(String pointer, List<JsonValue> items) implements JsonValue {
        @Override
        public String kind() {
            return "an array";
        }
    }

    record Text(String pointer, String value) implements JsonValue {
        @Override
        public String kind() {
            return "\"%s\"".formatted(value);
        }
    }

    record Whole(String pointer, BigInteger value) implements JsonValue {
        @Override
        public String kind() {
            return value.toString();
        }
    }

    /** No field of a state has one; reports have. */
    record Fraction(String pointer, String text) implements JsonValue {
        @Override
        public String kind() {
            return text;
        }
    }

    record Flag(String pointer, boolean value) implements JsonValue {
        @Override
        public String kind() {
            return String.valueOf(value);
        }
    }

    record Null(String pointer) implements JsonValue {
        @Override
        public String kind() {
            return "null";
        }
    }
}
