package dev.interject.cli.explain;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.interrupt.state.Piece;

/** Copies of a record, of which each differs in one value of it or of a record in it. */
final class ChangedRecords {

    /** A copy, with the place at which it differs, such as {@code controllers.master.imr}. */
    record Changed<T>(String place, T copy) {}

    /** The bytes of tables that are changed: the first, and some that mean something. */
    private static final Map<String, List<Integer>> BYTES = Map.of(
            "idt", List.of(0, 16, 0x2a * 16, 0x2a * 16 + 2, 0x2a * 16 + 4, 0x2a * 16 + 5, 0xff * 16 + 8),
            "gdt", List.of(8, 13, 16), "tss", List.of(4, 12, 0x24), "ldt", List.of(0),
            "page", registersOfALapic());

    private static final List<UnaryOperator<Long>> CHANGES = List.of(value -> value ^ 1, value -> value ^ 8,
            value -> value ^ 0x40, value -> value + 1, value -> value - 1, _ -> 1L, _ -> 0L);

    private ChangedRecords() {}

    private static List<Integer> registersOfALapic() {
        return Stream.of(0x20, 0x80, 0x90, 0xa0, 0xd0, 0xe0, 0xf0, 0x100, 0x170, 0x180, 0x1f0, 0x200, 0x270, 0x280,
                0x2f0, 0x300, 0x310, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370, 0x380, 0x390, 0x3e0).toList();
    }

    static <T extends Record> List<Changed<T>> of(T original) {
        List<Changed<T>> all = new ArrayList<>();
        RecordComponent[] components = original.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            int index = i;
            Object value = read(components[i], original);
            changes(components[i].getName(), value)
                    .forEach(changed -> copy(original, components, index, changed.copy())
                            .ifPresent(copy -> all.add(new Changed<>(changed.place(), copy))));
        }
        return all;
    }

    private static Stream<Changed<?>> changes(String name, Object value) {
        return switch (value) {
            case Record inner -> of(inner).stream()
                    .map(changed -> new Changed<>(name + "." + changed.place(),
                            changed.copy()));
            case Boolean flag -> Stream.of(new Changed<>(name, !flag));
            case Integer number -> Stream.of(new Changed<>(name, number));
            case Long number -> Stream.of(new Changed<>(name, number));
            case Enum<?> constant -> {
                Object[] constants = constant.getDeclaringClass().getEnumConstants();
                yield Stream.of(new Changed<>(name, constants[(constant.ordinal() + 1) % constants.length]));
            }
            case OptionalInt number -> Stream.of(new Changed<>(name,
                    number.isPresent() ? OptionalInt.empty() : OptionalInt.of(0x42)));
            case OptionalLong number -> Stream.of(new Changed<>(name,
                    number.isPresent() ? OptionalLong.empty() : OptionalLong.of(0x4242)));
            case Optional<?> present when present.isPresent() -> Stream.concat(
                    Stream.of(new Changed<>(name, Optional.empty())),
                    changes(name, present.get()).map(changed -> new Changed<>(changed.place(),
                            Optional.of(changed.copy()))));
            case Optional<?> _ -> Stream.empty();
            case List<?> list -> Stream.of(0, 1, list.size() - 1)
                    .filter(at -> at >= 0 && at < list.size())
                    .distinct()
                    .flatMap(at -> changes("%s[%d]".formatted(name, at), list.get(at)).map(changed -> {
                        List<Object> copy = new ArrayList<>(list);
                        copy.set(at, changed.copy());
                        return new Changed<>(changed.place(), copy);
                    }));
            case Set<?> constants -> constants(name).map(constant -> {
                Set<Object> copy = new HashSet<>(constants);
                if (!copy.remove(constant)) {
                    copy.add(constant);
                }
                return new Changed<>("%s[%s]".formatted(name, constant), copy);
            });
            case Map<?, ?> map -> map.keySet()
                    .stream()
                    .flatMap(key -> changes("%s[%s]".formatted(name, key),
                            map.get(key)).map(changed -> {
                                Map<Object, Object> copy = new HashMap<>(map);
                                copy.put(key, changed.copy());
                                return new Changed<>(changed.place(), copy);
                            }));
            case byte[] bytes -> BYTES.get(name).stream().filter(at -> at < bytes.length).map(at -> {
                byte[] copy = bytes.clone();
                copy[at] ^= 1;
                return new Changed<>("%s[0x%x]".formatted(name, at), copy);
            });
            default -> throw new IllegalArgumentException(name + " is a " + value.getClass());
        };
    }

    /** A copy with another value; of a number, the first that the record accepts. */
    @SuppressWarnings("unchecked")
    private static <T extends Record> Optional<T> copy(T original, RecordComponent[] components, int index,
            Object value) {
        Object[] values = Stream.of(components).map(component -> read(component, original)).toArray();
        List<Object> candidates = switch (value) {
            case Integer number ->
                CHANGES.stream().map(change -> (Object) change.apply((long) number).intValue()).toList();
            case Long number -> CHANGES.stream().map(change -> (Object) change.apply(number)).toList();
            default -> List.of(value);
        };
        for (Object candidate : candidates) {
            if (candidate.equals(values[index])) {
                continue;
            }
            values[index] = candidate;
            try {
                Constructor<?> constructor = original.getClass()
                        .getDeclaredConstructor(
                                Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
                constructor.setAccessible(true);
                return Optional.of((T) constructor.newInstance(values));
            } catch (ReflectiveOperationException refused) {
                // the next one
            }
        }
        throw new IllegalArgumentException("%s accepts no other %s".formatted(original, components[index].getName()));
    }

    private static Object read(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    /** What a set of this name may have. */
    private static Stream<? extends Enum<?>> constants(String name) {
        return name.equals("unknown") ? Stream.of(Piece.values()) : Stream.of(Departure.values());
    }
}
