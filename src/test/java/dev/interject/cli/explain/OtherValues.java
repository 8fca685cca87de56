package dev.interject.cli.explain;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts other values into the fields of a JSON document, one at a time: values of other types, and ends of ranges. */
final class OtherValues {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int SHARE = 16;
    private static final int BYTES = 64;

    private static final List<String> VALUES = List.of("null", "true", "-1", "0", "1", "3", "4", "5", "6", "7", "8",
            "15", "16", "23", "24", "31", "32", "52", "53", "248", "249", "255", "256", "4095", "4096", "65535",
            "65536", "65537", "16777215", "16777216", "4294967295", "4294967296", "4503599627370495",
            "4503599627370496", "9223372036854775807", "9223372036854775808", "18446744073709551615",
            "18446744073709551616", "1.5", "[]", "{}", "[[]]", "[{}]", "[0]", "[256]", "[null]", "[\"pages\"]",
            "[\"pit\"]", "[\"no-smi\"]", "{\"x\": 0}");

    private static final List<String> TEXTS = List.of("", "9", "0x", "0x0", "0X7", "0x8", "0xf", "0x10", "0x17", "0x18",
            "0x1F", "0x20", "0x34", "0x35", "0xf8", "0xf9", "0xff", "0x00ff", "0x100", "0xfff", "0x1000", "0xffff",
            "0x10000", "0x10001", "0xffffff", "0x1000000", "0xffffffff", "0x100000000", "0xfffffffffffff",
            "0x10000000000000", "0x7fffffffffffffff", "0x8000000000000000", "0xffffffffffffffff",
            "0x00000000000000001", "0x10000000000000000", "-0x1", "00", "0011", "001", "zz", "kernel", "split",
            "userspace", "standard", "halted", "message", "slave", "ioapic", "ram.bin", "docs");

    private final Random random;
    private final Set<String> done = new HashSet<>();

    OtherValues(Random random) {
        this.random = random;
    }

    /**
     * Calls an action after each change, with the pointer to the value and the other value, null for none. Of the items
     * of an array, the first that has a field is changed.
     */
    void forEach(JsonNode document, BiConsumer<String, JsonNode> action) {
        visit(document, "", action);
    }

    private void visit(JsonNode node, String pointer, BiConsumer<String, JsonNode> action) {
        switch (node) {
            case ObjectNode object -> List.copyOf(object.propertyNames()).forEach(name -> {
                JsonNode value = object.get(name);
                String below = pointer + "/" + name;
                if (isFirst(below)) {
                    others(value).forEach(other -> {
                        object.set(name, other);
                        action.accept(below, other);
                    });
                    object.remove(name);
                    action.accept(below, null);
                    object.set(name, value);
                }
                visit(value, below, action);
            });
            case ArrayNode array -> IntStream.range(0, array.size()).forEach(i -> {
                JsonNode value = array.get(i);
                String below = pointer + "/" + i;
                if (isFirst(below)) {
                    others(value).forEach(other -> {
                        array.set(i, other);
                        action.accept(below, other);
                    });
                    array.set(i, value);
                }
                visit(value, below, action);
            });
            default -> {
                // has no fields
            }
        }
    }

    private boolean isFirst(String pointer) {
        return done.add(pointer.replaceAll("(?<!kvm_irqchip)/\\d+", "/n"));
    }

    /** A share of them, and of a string such that are almost the same. */
    private List<JsonNode> others(JsonNode value) {
        Stream<JsonNode> values = VALUES.stream().map(MAPPER::readTree);
        Stream<String> alike =
                value.isString() && value.asString().length() > 1 ? alike(value.asString()) : Stream.of();
        return Stream.concat(values, Stream.concat(TEXTS.stream(), alike).map(MAPPER.getNodeFactory()::stringNode))
                .filter(_ -> random.nextInt(SHARE) == 0)
                .toList();
    }

    /** Of another length, or with another byte. */
    private static Stream<String> alike(String text) {
        Stream<String> lengths = Stream.of(text + "00", text + "0", text.substring(2), text.toUpperCase(Locale.ROOT));
        Stream<String> bytes = IntStream.range(0, Math.min(BYTES, text.length() / 2 - 1))
                .boxed()
                .flatMap(at -> Stream.of("ff", "07", "01")
                        .map(other -> text.substring(0, 2 * at) + other + text.substring(2 * at + 2)));
        return text.startsWith("0x") ? lengths : Stream.concat(lengths, bytes);
    }
}
