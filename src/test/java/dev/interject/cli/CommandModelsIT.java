package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code scripts/GenerateModels.java}: the generated models are those that picocli reads from the annotations. */
class CommandModelsIT {

    private static final Path BUILD = Path.of("target").toAbsolutePath();

    @TempDir
    private static Path directory;
    private static URLClassLoader loader;

    @BeforeAll
    static void generate() throws IOException {
        assumeTrue(Runtime.version().feature() >= 24, "the generator needs JDK 24 or newer");
        Path copy = directory.resolve("interject.jar");
        List<Path> libraries;
        try (Stream<Path> files = Files.list(BUILD.resolve("lib"))) {
            libraries = files.sorted().toList();
        }
        String jar = BUILD.resolve("interject.jar").toString();
        String classPath = Stream.concat(Stream.of(jar), libraries.stream().map(Path::toString))
                .collect(Collectors.joining(File.pathSeparator));
        ChildProcess.Result result = ChildProcess.run(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "-cp", classPath, "scripts/GenerateModels.java",
                copy.toString(), jar));
        assertThat(result.exitCode()).as(result.err()).isZero();
        List<URL> urls = new ArrayList<>(List.of(copy.toUri().toURL()));
        for (Path library : libraries) {
            urls.add(library.toUri().toURL());
        }
        loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        if (loader != null) {
            loader.close();
        }
    }

    /** Every command, a new one for each test: its model accesses its fields. */
    static List<Object> commands() throws ReflectiveOperationException {
        Object program = loader.loadClass("dev.interject.cli.Main").getMethod("commandLine").invoke(null);
        Map<?, ?> subcommands = (Map<?, ?>) ModelText.get(program, "getSubcommands");
        List<Object> commands = new ArrayList<>(List.of(ModelText.get(program, "getCommand")));
        for (Object subcommand : subcommands.values()) {
            commands.add(ModelText.get(subcommand, "getCommand"));
        }
        return commands;
    }

    private static Object generated(Object command) throws ReflectiveOperationException {
        Method of = loader.loadClass("dev.interject.cli.CommandModels").getDeclaredMethod("of", Object.class);
        of.setAccessible(true);
        return of.invoke(null, command);
    }

    private static Object annotated(Object command) throws ReflectiveOperationException {
        return loader.loadClass("picocli.CommandLine$Model$CommandSpec")
                .getMethod("forAnnotatedObject", Object.class)
                .invoke(null, command);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void model_isThatOfTheAnnotations(Object command) throws ReflectiveOperationException {
        assertThat(ModelText.of(generated(command))).hasSizeGreaterThan(1000)
                .isEqualTo(ModelText.of(annotated(command)));
    }

    /** Both models of one command access the same fields. */
    @ParameterizedTest
    @MethodSource("commands")
    void arguments_setAndGetTheirFields(Object command) throws ReflectiveOperationException {
        List<Object> generated = List.copyOf((Collection<?>) ModelText.get(generated(command), "args"));
        List<Object> annotated = List.copyOf((Collection<?>) ModelText.get(annotated(command), "args"));

        assertThat(generated).hasSameSizeAs(annotated).isNotEmpty();
        for (int i = 0; i < generated.size(); i++) {
            if (!isStandard(annotated.get(i))) {
                for (Object value : ModelValues.two((Class<?>) ModelText.get(annotated.get(i), "type"))) {
                    set(generated.get(i), value);
                    assertThat(value(annotated.get(i))).as(annotated.get(i).toString()).isEqualTo(value);
                    assertThat(value(generated.get(i))).isEqualTo(value);
                }
            }
        }
    }

    /** --help and --version are picocli's: they set no field of a command. */
    private static boolean isStandard(Object argument) throws ReflectiveOperationException {
        return ModelText.get(argument, "userObject").toString().contains("AutoHelpMixin");
    }

    private static void set(Object argument, Object value) throws ReflectiveOperationException {
        Object setter = ModelText.get(argument, "setter");
        Method set = setter.getClass().getMethod("set", Object.class);
        set.setAccessible(true);
        set.invoke(setter, value);
    }

    private static Object value(Object argument) throws ReflectiveOperationException {
        return ModelText.get(ModelText.get(argument, "getter"), "get");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void model_isInjectedWhereTheCommandAsksForIt(Object command) throws ReflectiveOperationException {
        List<Object> before = ModelValues.injected(command, annotated(command));
        List<Object> after = ModelValues.injected(command, generated(command));

        assertThat(after).isEqualTo(before);
    }

    @Test
    void commands_areAllThatThereAre() throws ReflectiveOperationException {
        assertThat(commands().stream().map(command -> command.getClass().getSimpleName()))
                .hasSize(1 + Main.commandLine().getSubcommands().size())
                .contains("RunCommand", "HelpCommand", "InterjectCommand");
    }
}
