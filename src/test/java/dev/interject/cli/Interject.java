package dev.interject.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

import dev.interject.cli.output.Console;

/** The program as a user's shell starts it, without the launcher. */
public final class Interject {

    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private static final Pattern WORD = Pattern.compile("(?:[^' ]|'[^']*')+");

    private Interject() {}

    /** The command line of a JVM with the program; the flags make it start quickly. */
    public static List<String> command(String... arguments) {
        return command(CLASS_PATH, arguments);
    }

    /** The same, with this directory first on the class path, such as another image for a built-in guest. */
    static List<String> commandWith(Path overlay, String... arguments) {
        return command(overlay + ":" + CLASS_PATH, arguments);
    }

    private static List<String> command(String classPath, String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath,
                Main.class.getName()));
        Collections.addAll(command, arguments);
        return command;
    }

    /**
     * The same in a shell that prepares something first, such as a redirection; {@code "$@"} is the program.
     */
    public static List<String> commandInShell(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(command(arguments));
        return command;
    }

    /** The words of a line, as a shell splits them: at spaces that are not between single quotes. */
    public static String[] words(String line) {
        return WORD.matcher(line).results().map(word -> word.group().replace("'", "")).toArray(String[]::new);
    }

    /** Runs arguments as typed, separated by spaces, in this process: quick, but only for commands that need no KVM. */
    public static ChildProcess.Result typeHere(String line) {
        return runHere(words(line));
    }

    /** The same of arguments that hold spaces. */
    public static ChildProcess.Result runHere(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.execute(Console.of(out, err), arguments);
        return new ChildProcess.Result(exitCode, out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    public static ChildProcess.Result run(String... arguments) {
        return ChildProcess.run(command(arguments));
    }

    /** Arguments as one types them, separated by spaces. */
    public static ChildProcess.Result type(String line) {
        return run(words(line));
    }
}
