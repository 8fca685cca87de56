import static java.util.stream.Collectors.joining;

import java.lang.classfile.Attributes;
import java.lang.classfile.FieldModel;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Range;
import picocli.CommandLine.Spec;

/**
 * Java source that makes picocli's models of commands as picocli itself does, but without reading their annotations: a
 * class {@code Models} for each package, with a method {@code of} for each class that has annotations.
 *
 * <p>Attributes that the lists below lack are not written. {@code CommandModelsIT} compares all that picocli has.
 */
final class CommandSource {

    private static final String HELP = "mixinStandardHelpOptions";
    private static final List<String> OF_ARGUMENT = List.of("arity", "required", "paramLabel",
            "hideParamSyntax", "description", "descriptionKey", "splitRegex", "splitRegexSynopsisLabel", "hidden",
            "interactive", "echo", "prompt", "defaultValue", "mapFallbackValue", "showDefaultValue", "scopeType",
            "converters", "completionCandidates");
    private static final List<String> OF_OPTION = List.of("usageHelp", "versionHelp", "negatable", "fallbackValue",
            "order");
    private static final List<String> OF_PARAMETER = List.of("index");
    private static final List<String> OF_COMMAND = List.of("name", "aliases", "version", "versionProvider",
            "helpCommand", "exitCodeOnSuccess", "exitCodeOnUsageHelp", "exitCodeOnVersionHelp", "exitCodeOnInvalidInput",
            "exitCodeOnExecutionException");
    private static final List<String> OF_USAGE = List.of("headerHeading", "header", "synopsisHeading",
            "synopsisSubcommandLabel", "abbreviateSynopsis", "customSynopsis", "descriptionHeading", "description",
            "parameterListHeading", "optionListHeading", "sortOptions", "sortSynopsis", "requiredOptionMarker",
            "showDefaultValues", "hidden", "commandListHeading", "exitCodeListHeading", "exitCodeList", "footerHeading",
            "footer");

    /** The methods of each package. */
    private final Map<String, StringBuilder> packages = new TreeMap<>();
    private final Set<Class<?>> written = new HashSet<>();

    /** Adds a command or a mixin, and its mixins. Returns a call that makes its model of an expression. */
    String add(Object command, String expression) throws ReflectiveOperationException {
        Class<?> type = command.getClass();
        if (written.add(type)) {
            CommandSpec spec = CommandSpec.forAnnotatedObject(command);
            String method = method(spec, type);
            packages.computeIfAbsent(type.getPackageName(), _ -> new StringBuilder()).append(method);
        }
        return "%s.Models.of(%s)".formatted(type.getPackageName(), expression);
    }

    /** The source files, by the names of the classes. */
    Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        packages.forEach((name, methods) -> files.put(name + ".Models", """
                package %s;

                import picocli.CommandLine.Model.*;
                import picocli.CommandLine.Range;

                public final class Models {
                %s}
                """.formatted(name, methods)));
        return files;
    }

    /** Whether a model accesses this field. */
    static boolean isAccessed(Field field) {
        return Stream.of(field.getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().getName().startsWith("picocli."));
    }

    /** The same for a field of a class file. */
    static boolean isAccessed(FieldModel field) {
        return field.findAttribute(Attributes.runtimeVisibleAnnotations())
                .stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .anyMatch(annotation -> annotation.className().stringValue().startsWith("Lpicocli/"));
    }

    private String method(CommandSpec spec, Class<?> type) throws ReflectiveOperationException {
        StringBuilder body = new StringBuilder();
        StringBuilder usage = new StringBuilder();
        appendDifferences(body, "spec", OF_COMMAND, spec, CommandSpec.create());
        appendDifferences(usage, "", OF_USAGE, spec.usageMessage(), CommandSpec.create().usageMessage());
        body.append(usage.isEmpty() ? "" : "        spec.usageMessage()" + usage + ";\n");
        List<Field> bound = new ArrayList<>();
        for (Field field : accessedFields(type)) {
            String place = "object." + field.getName();
            if (field.isAnnotationPresent(Spec.class)) {
                require(field.getAnnotation(Spec.class).value() == Spec.Target.SELF, field);
                body.append("        %s = spec;%n".formatted(place));
            } else if (field.isAnnotationPresent(Mixin.class)) {
                Object mixin = spec.mixins().get(field.getName()).userObject();
                body.append("        if (%1$s == null) {%n            %1$s = new %2$s();%n        }%n".formatted(place,
                        field.getType().getCanonicalName()));
                body.append("        spec.addMixin(%s, %s);%n".formatted(literal(field.getName()), add(mixin, place)));
            } else {
                body.append(argument(argumentOf(spec, field), "new Of%s(object, %d)".formatted(type.getSimpleName(),
                        bound.size())));
                bound.add(field);
            }
        }
        if (spec.mixins().containsKey(HELP)) {
            body.append("        CommandSpec help = CommandSpec.create();\n");
            for (OptionSpec option : spec.mixins().get(HELP).options()) {
                body.append("        help.add(%s.initialValue(false).build());%n".formatted(builder(option)));
            }
            body.append("        spec.addMixin(%s, help);%n".formatted(literal(HELP)));
        }
        return """
                    public static CommandSpec of(%s object) {
                        CommandSpec spec = CommandSpec.wrapWithoutInspection(object);
                %s        return spec;
                    }

                %s""".formatted(type.getCanonicalName(), body, bound.isEmpty() ? "" : binding(type, bound));
    }

    /** A statement that adds an option or parameter, whose value is where the binding says. */
    private static String argument(ArgSpec argument, String binding) throws ReflectiveOperationException {
        return """
                        {
                            var value = %s;
                            spec.add(%s.getter(value).setter(value).initialValue(value.get()).build());
                        }
                """.formatted(binding, builder(argument));
    }

    private static String builder(ArgSpec argument) throws ReflectiveOperationException {
        Class<?> type = argument.type();
        Class<?>[] types = argument.auxiliaryTypes(); // of elements
        String typed = ".type(%s).auxiliaryTypes(%s)".formatted(literal(type), literal(types));
        StringBuilder builder = new StringBuilder();
        if (argument instanceof OptionSpec option) {
            OptionSpec plain = OptionSpec.builder(option.names()).type(type).auxiliaryTypes(types).build();
            builder.append("OptionSpec.builder(%s)%s".formatted(literal(option.names()), typed));
            appendDifferences(builder, "", OF_OPTION, option, plain);
            appendDifferences(builder, "", OF_ARGUMENT, option, plain);
        } else {
            PositionalParamSpec plain = PositionalParamSpec.builder().type(type).auxiliaryTypes(types).build();
            builder.append("PositionalParamSpec.builder()").append(typed);
            appendDifferences(builder, "", OF_PARAMETER, argument, plain);
            appendDifferences(builder, "", OF_ARGUMENT, argument, plain);
        }
        return builder.toString();
    }

    /** A class that gets and sets the fields of an object. */
    private static String binding(Class<?> type, List<Field> fields) {
        return """
                    private static final class Of%1$s implements IGetter, ISetter {
                        private final %2$s object;
                        private final int field;

                        Of%1$s(%2$s object, int field) {
                            this.object = object;
                            this.field = field;
                        }

                        @Override
                        public <T> T get() {
                            Object value = switch (field) {
                %3$s                default -> throw new AssertionError();
                            };
                            return (T) value;
                        }

                        @Override
                        public <T> T set(T value) {
                            T old = get();
                            switch (field) {
                %4$s                default -> throw new AssertionError();
                            }
                            return old;
                        }
                    }

                """.formatted(type.getSimpleName(), type.getCanonicalName(),
                cases(fields, "object.%1$s"), cases(fields, "object.%1$s = (%2$s) (Object) value"));
    }

    private static String cases(List<Field> fields, String statement) {
        return IntStream.range(0, fields.size())
                .mapToObj(i -> "                case %d -> %s;%n".formatted(i,
                        statement.formatted(fields.get(i).getName(), fields.get(i).getType().getCanonicalName())))
                .collect(joining());
    }

    /** In the order in which picocli reads them. */
    private static List<Field> accessedFields(Class<?> type) {
        for (Class<?> above = type.getSuperclass(); above != null; above = above.getSuperclass()) {
            for (Field field : above.getDeclaredFields()) {
                require(!isAccessed(field), field);
            }
        }
        return Stream.of(type.getDeclaredFields()).filter(CommandSource::isAccessed).toList();
    }

    private static ArgSpec argumentOf(CommandSpec spec, Field field) {
        return spec.args().stream().filter(argument -> field.equals(argument.userObject())).findFirst().orElseThrow();
    }

    /** Appends a call for each attribute that differs from that of a plain model. */
    private static void appendDifferences(StringBuilder body, String variable, List<String> names, Object model,
            Object plain) throws ReflectiveOperationException {
        for (String name : names) {
            Object value = model.getClass().getMethod(name).invoke(model);
            if (!same(value, plain.getClass().getMethod(name).invoke(plain))) {
                String call = ".%s(%s)".formatted(name, literal(value));
                body.append(variable.isEmpty() ? call : "        " + variable + call + ";\n");
            }
        }
    }

    private static boolean same(Object one, Object other) {
        return Arrays.deepEquals(new Object[]{one}, new Object[]{other});
    }

    private static String literal(Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> "\"" + text.chars().mapToObj(CommandSource::escaped).collect(joining()) + "\"";
            case Boolean flag -> flag.toString();
            case Integer number -> number.toString();
            case Character letter -> "(char) " + (int) letter;
            case Class<?> type -> type.getCanonicalName() + ".class";
            case Enum<?> constant -> constant.getDeclaringClass().getCanonicalName() + "." + constant.name();
            case Range range -> "Range.valueOf(%s)".formatted(literal(range.toString()));
            case Map<?, ?> map -> "UsageMessageSpec.keyValuesMap(%s)".formatted(map.entrySet()
                    .stream()
                    .map(entry -> literal(entry.getKey() + ":" + entry.getValue()))
                    .collect(joining(", ")));
            case Collection<?> _ -> throw new IllegalArgumentException("no literal of " + value);
            case Object[] array -> Stream.of(array).map(CommandSource::literal).collect(joining(", "));
            default -> "new %s()".formatted(value.getClass().getCanonicalName());
        };
    }

    private static String escaped(int c) {
        return c == '"' || c == '\\' ? "\\" + (char) c : c < ' ' ? "\\%03o".formatted(c) : String.valueOf((char) c);
    }

    private static void require(boolean condition, Field field) {
        if (!condition) {
            throw new IllegalArgumentException("the generator does not know such a field: " + field);
        }
    }
}
