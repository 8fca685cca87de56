package dev.interject.cli;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values of the fields of commands. */
final class ModelValues {

    private static final Map<Class<?>, List<?>> VALUES = Map.of(boolean.class, List.of(true, false), int.class,
            List.of(7, 8), Integer.class, List.of(7, 8), Long.class, List.of(7L, 8L), String.class, List.of("a", "b"),
            Path.class, List.of(Path.of("a"), Path.of("b")), Duration.class,
            List.of(Duration.ofMillis(1), Duration.ofMillis(2)), List.class, List.of(List.of("a"), List.of("b")),
            Set.class, List.of(Set.of("a"), Set.of("b")));

    private ModelValues() {}

    /** Two values of a type: of a fixed list, or constants of the type. */
    static List<?> two(Class<?> type) throws ReflectiveOperationException {
        if (VALUES.containsKey(type)) {
            return VALUES.get(type);
        }
        List<Object> constants = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (field.getType() == type && Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                constants.add(field.get(null));
            }
        }
        return constants.subList(0, 2);
    }

    /** The fields of a command and its mixins that have this model, or one of its mixins, as their value. */
    static List<Object> injected(Object command, Object model) throws ReflectiveOperationException {
        List<Object> found = new ArrayList<>();
        for (Field field : command.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            if (!Modifier.isStatic(field.getModifiers()) && field.get(command) == model) {
                found.add(field.getName());
            }
        }
        Map<?, ?> mixins = (Map<?, ?>) ModelText.get(model, "mixins");
        for (Map.Entry<?, ?> mixin : mixins.entrySet()) {
            Object object = ModelText.get(mixin.getValue(), "userObject");
            if (object != null && object.getClass().getName().startsWith("dev.interject.")) {
                found.add(mixin.getKey());
                found.addAll(injected(object, mixin.getValue()));
            }
        }
        return found;
    }
}
