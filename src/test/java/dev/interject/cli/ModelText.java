package dev.interject.cli;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A picocli model as text: all that its public getters return, so that a new attribute is compared, too. By reflection
 * only, since the models are of another class loader.
 */
final class ModelText {

    private static final String MODEL = "picocli.CommandLine$Model$";

    /**
     * What is not an attribute: links to other parts of the model and to the annotated element, results of a parse, and
     * methods that make something. The generic arguments are the auxiliary types again, and only of annotated
     * members; the version depends on the host.
     */
    private static final Set<String> LEFT_OUT = Set.of("addMethodSubcommands", "args", "command", "commandLine",
            "commandSpec", "copy", "getActualGenericTypeArguments", "getAuxiliaryTypeInfos", "getClass", "getValue",
            "getter", "group", "hashCode", "helpFactory", "messages", "mixinAnnotatedElements", "parent",
            "parentCommandElements", "resourceBundle", "root", "scope", "sectionMap", "setter", "specElements",
            "toBuilder", "toString", "userObject", "validate", "version");

    private ModelText() {}

    /** The result of a getter. */
    static Object get(Object object, String name) throws ReflectiveOperationException {
        Method getter = object.getClass().getMethod(name);
        getter.setAccessible(true);
        return getter.invoke(object);
    }

    static String of(Object value) {
        return lines("", value).collect(Collectors.joining("\n"));
    }

    private static Stream<String> lines(String name, Object value) {
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean
                || value instanceof Character || value instanceof Enum<?> || value instanceof Class<?>) {
            return Stream.of(name + " = " + value);
        }
        if (value.getClass().isArray()) {
            return IntStream.range(0, Array.getLength(value))
                    .boxed()
                    .flatMap(i -> lines(name + "[" + i + "]", Array.get(value, i)));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet()
                    .stream()
                    .flatMap(entry -> lines(name + "[" + entry.getKey() + "]", entry.getValue()));
        }
        if (value instanceof Collection<?> collection) {
            return lines(name, collection.toArray());
        }
        if (value instanceof Iterable<?> iterable) {
            return lines(name, StreamSupport.stream(iterable.spliterator(), false).toList());
        }
        String type = value.getClass().getName();
        if (type.equals("picocli.CommandLine$Range")) {
            return Stream.of(name + " = " + value);
        }
        Stream<String> itself = Stream.of(name + " is a " + type);
        return type.startsWith(MODEL) ? Stream.concat(itself, attributes(name, value)) : itself;
    }

    private static Stream<String> attributes(String name, Object model) {
        return Stream.of(model.getClass().getMethods())
                .filter(method -> method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
                        && method.getReturnType() != void.class && !LEFT_OUT.contains(method.getName()))
                .sorted(Comparator.comparing(Method::getName))
                .flatMap(method -> {
                    try {
                        return lines(name + "." + method.getName(), get(model, method.getName()));
                    } catch (ReflectiveOperationException failed) {
                        throw new AssertionError(failed);
                    }
                });
    }
}
