package dev.interject.experiment.state;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The fields of a JSON object, with their types. A field that is null counts as missing, except where it is asked. */
final class Fields {

    private static final BigInteger LARGEST_64 = BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private final JsonValue.Struct object;

    Fields(JsonValue value) {
        if (!(value instanceof JsonValue.Struct struct)) {
            throw wrong(value, "an object", "write { … }");
        }
        this.object = struct;
    }

    String pointer() {
        return object.pointer();
    }

    /** The pointer to a field. */
    String pointer(String name) {
        return object.pointer() + "/" + name;
    }

    private static InvalidStateException wrong(JsonValue value, String expected, String fix) {
        return new InvalidStateException(value.pointer().isEmpty() ? "/" : value.pointer(),
                "%s is not %s".formatted(value.kind(), expected), fix);
    }

    private Optional<JsonValue> field(String name) {
        object.read().add(name);
        return Optional.ofNullable(object.fields().get(name)).filter(value -> !(value instanceof JsonValue.Null));
    }

    /** Whether it is there, and not null. */
    boolean has(String name) {
        return field(name).isPresent();
    }

    /** Whether it is there, and null. */
    boolean isNull(String name) {
        object.read().add(name);
        return object.fields().get(name) instanceof JsonValue.Null;
    }

    /** Whether it is there, null or not. */
    boolean hasField(String name) {
        return has(name) || isNull(name);
    }

    /** Whether it is there, and an array. */
    boolean isArray(String name) {
        return field(name).filter(value -> value instanceof JsonValue.Array).isPresent();
    }

    /** Fields that say again what others say; they are not read. */
    void skip(String... names) {
        for (String name : names) {
            object.read().add(name);
            object.fields().remove(name);
        }
    }

    /** The pointers to the fields in it that nothing has read. */
    Stream<String> unread() {
        return JsonValue.unread(object);
    }

    /** A number of 64 bits without a sign. */
    OptionalLong number(String name) {
        return number(name, LARGEST_64);
    }

    private OptionalLong number(String name, BigInteger largest) {
        Optional<BigInteger> number = field(name).map(value -> number(value, largest));
        return number.isPresent() ? OptionalLong.of(number.get().longValue()) : OptionalLong.empty();
    }

    /** A number from 0 to a largest one. */
    OptionalInt number(String name, int largest) {
        OptionalLong number = number(name, BigInteger.valueOf(largest));
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    /** A number of 32 bits without a sign. */
    OptionalInt number32(String name) {
        OptionalLong number = number(name, BigInteger.ONE.shiftLeft(Integer.SIZE).subtract(BigInteger.ONE));
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    private static BigInteger number(JsonValue value, BigInteger largest) {
        BigInteger number = switch (value) {
            case JsonValue.Whole whole -> whole.value();
            case JsonValue.Text text when text.value().matches("0[xX][0-9a-fA-F]{1,16}") ->
                new BigInteger(text.value().substring(2), 16);
            case JsonValue.Fraction _ ->
                throw wrong(value, "a whole number", "write whole numbers, or strings such as \"0x9229\"");
            case JsonValue.Text _,JsonValue.Flag _,JsonValue.Null _,JsonValue.Array _,JsonValue.Struct _ ->
                throw wrong(value, "a number", "write it as 37417, or as \"0x9229\"");
        };
        if (number.signum() < 0 || number.compareTo(largest) > 0) {
            throw wrong(value, "a number from 0 to 0x" + largest.toString(16), "write one in that range");
        }
        return number;
    }

    /** True or false. */
    Optional<Boolean> flag(String name) {
        return field(name).map(value -> {
            if (value instanceof JsonValue.Flag flag) {
                return flag.value();
            }
            throw wrong(value, "true or false", "write true or false");
        });
    }

    /** A string. */
    Optional<String> text(String name) {
        return field(name).map(value -> {
            if (value instanceof JsonValue.Text text) {
                return text.value();
            }
            throw wrong(value, "a string", "write it between quotes");
        });
    }

    /** Whether it is this string. */
    boolean isText(String name, String expected) {
        return field(name).filter(value -> value instanceof JsonValue.Text(_, String text) && text.equals(expected))
                .isPresent();
    }

    /** Bytes as hexadecimal digits. */
    Optional<byte[]> bytes(String name) {
        return field(name).map(Fields::bytes);
    }

    /** An array of bytes as hexadecimal digits. */
    List<byte[]> byteStrings(String name) {
        return array(name).orElse(List.of()).stream().map(Fields::bytes).toList();
    }

    private static byte[] bytes(JsonValue value) {
        if (!(value instanceof JsonValue.Text(String pointer, String digits))) {
            throw wrong(value, "a string", "write two hexadecimal digits for each byte");
        }
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException noDigits) {
            throw new InvalidStateException(pointer, digits.length() % 2 == 1 ? "an odd number of hexadecimal digits"
                    : "not all are hexadecimal digits", "write two digits for each byte, without 0x and spaces");
        }
    }

    /** An object. */
    Optional<Fields> object(String name) {
        return field(name).map(Fields::new);
    }

    /** The items of an array. */
    Optional<List<JsonValue>> array(String name) {
        return field(name).map(value -> {
            if (value instanceof JsonValue.Array array) {
                return array.items();
            }
            throw wrong(value, "an array", "write [ … ]");
        });
    }

    /** The objects of an array. */
    Optional<List<Fields>> objects(String name) {
        return array(name).map(items -> items.stream().map(Fields::new).toList());
    }

    /** A set of numbers from 0 to a largest one. */
    Optional<Set<Integer>> numbers(String name, int largest) {
        return array(name).map(items -> {
            List<Integer> numbers = new ArrayList<>();
            items.forEach(item -> numbers.add(number(item, BigInteger.valueOf(largest)).intValue()));
            return Set.copyOf(numbers);
        });
    }

    /** The strings of an array. */
    List<String> texts(String name) {
        return array(name).orElse(List.of()).stream().map(item -> {
            if (item instanceof JsonValue.Text text) {
                return text.value();
            }
            throw wrong(item, "a string", "write it between quotes");
        }).toList();
    }

    /** What is made of a field, whose value a record may refuse. */
    <T> T checked(String name, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException refused) {
            throw invalid(name, refused.getMessage(), "write a value that hardware can have");
        }
    }

    InvalidStateException invalid(String name, String what, String fix) {
        return new InvalidStateException(pointer(name), what, fix);
    }
}
