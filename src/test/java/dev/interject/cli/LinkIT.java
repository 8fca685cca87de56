package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scripts/link}: the program folder that starts quickly. */
class LinkIT {

    private static final Path CHECKOUT = Path.of("").toAbsolutePath();
    private static final String JDK = System.getProperty("java.home");

    /** A JDK from which caches can be made and jlink works. */
    @TempDir
    private static Path linked;

    @BeforeAll
    static void link() {
        assumeTrue(Files.exists(Path.of(JDK, "bin", "jlink")), "this JDK has no jlink");
        ChildProcess.Result result = link(linked, JDK);
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    /** JUnit would warn of each that leads out of its directory. */
    @AfterAll
    static void deleteSymbolicLinks() {
        deleteSymbolicLinksIn(linked);
    }

    private static void deleteSymbolicLinksIn(Path folder) {
        ChildProcess.run(List.of("find", folder.toString(), "-type", "l", "-delete"));
    }

    private static ChildProcess.Result link(Path folder, String jdk) {
        return ChildProcess.run(List.of(CHECKOUT.resolve("scripts/link").toString(), folder.toString(), jdk));
    }

    private static List<String> program(Path folder, String... arguments) {
        return Stream.concat(Stream.of(folder.resolve("bin/interject").toString()), Stream.of(arguments)).toList();
    }

    @Test
    @RequiresKvm
    void program_runsFromItsOwnJvmAndCache(@TempDir Path directory) throws IOException {
        Path loaded = directory.resolve("loaded");
        List<String> command = Stream.concat(Stream.of("env", "_JAVA_OPTIONS=-Xlog:class+load:file=" + loaded),
                program(linked, "run", "--count", "1").stream()).toList();

        ChildProcess.Result result = ChildProcess.run(command);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("The interrupt was taken.");
        List<String> classes = Files.readAllLines(loaded);
        assertThat(classes)
                .anyMatch(line -> line.contains("dev.interject.machine.Machine source: shared objects file"));
        if (Runtime.version().feature() >= 24) { // an older one cannot give picocli the stack maps that a cache wants
            assertThat(classes).anyMatch(line -> line.contains("picocli.CommandLine source: shared objects file"));
        }
    }

    @Test
    @RequiresKvm
    void programMovedElsewhere_runs(@TempDir Path directory) {
        Path elsewhere = directory.resolve("another place");
        assertThat(ChildProcess.run(List.of("cp", "-a", linked.toString(), elsewhere.toString())).exitCode()).isZero();
        Path link = directory.resolve("interject");

        ChildProcess.Result result = ChildProcess.run(program(elsewhere, "run", "--count", "1"));
        ChildProcess.run(List.of("ln", "-s", elsewhere.resolve("bin/interject").toString(), link.toString()));
        ChildProcess.Result byLink = ChildProcess.run(List.of(link.toString(), "lines"));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(byLink.exitCode()).as(byLink.err()).isZero();
        deleteSymbolicLinksIn(directory);
    }

    /** The JVM encodes names in the encoding of the locale; C has only ASCII. */
    @Test
    void programInAFolderWithANameInUtf8_runsInTheLocaleC(@TempDir Path directory) {
        ChildProcess.Result result = ChildProcess.run(inTheLocaleC(copiedTo(directory, "$'jos\\303\\251'")));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        deleteSymbolicLinksIn(directory);
    }

    @ParameterizedTest
    @CsvSource({"a:b, with a colon in its path", "$'jos\\351', whose path is not UTF-8"})
    void programWhereTheJvmCannotRun_saysSo(String name, String why, @TempDir Path directory) {
        ChildProcess.Result result = ChildProcess.run(inTheLocaleC(copiedTo(directory, name)));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst()).startsWith("interject: ").contains(why);
        assertThat(result.errLines().getLast()).startsWith("  fix: ");
        ChildProcess.run(List.of("sh", "-c", "rm -rf \"$1\"/*", "sh", directory.toString()));
    }

    /** A script that starts a copy of the program; bash, since this JVM may not be able to name it. */
    private static String copiedTo(Path directory, String name) {
        String folder = "'%s'/%s".formatted(directory, name);
        return "cp -a '%s' %s && exec %s/bin/interject lines".formatted(linked, folder, folder);
    }

    private static List<String> inTheLocaleC(String script) {
        return List.of("env", "-i", "PATH=" + System.getenv("PATH"), "LC_ALL=C", "bash", "-c", script);
    }

    @Test
    @RequiresKvm
    void threadDump_isNoPartOfTheReport() {
        try (ChildProcess child =
                ChildProcess.start(program(linked, "run", "--interval", "60m", "--output", "json"))) {
            SignalTest.awaitVcpu(child);

            ChildProcess.run(List.of("kill", "-QUIT", Long.toString(child.pid())));
            ChildProcess.run(List.of("kill", "-TERM", Long.toString(child.pid())));
            ChildProcess.Result result = child.result();

            assertThat(result.err()).contains("Full thread dump");
            assertThat(Json.parseObject(result.out())).containsEntry("outcome", "interrupted");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interject_home=/nowhere", "compilers=none", "class_path=/nowhere", "CDPATH=/usr"})
    void environment_choosesNeitherTheJvmNorTheProgram(String variable) {
        ChildProcess.Result result = ChildProcess.run(Stream.concat(Stream.of("env", variable),
                program(linked, "lines").stream()).toList());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @Test
    void folderWithAColon_isNotMade(@TempDir Path directory) {
        ChildProcess.Result result = link(directory.resolve("a:b"), JDK);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
        assertThat(result.errLines()).singleElement().asString().contains("a colon in its path");
    }

    /** A jlinked JVM has these modules alone: a class of another would be missing at run time. */
    @Test
    void modules_areThoseThatTheJarsNeed() throws IOException {
        // of all the system's modules: those that our descriptor marks static are not resolved otherwise
        List<String> command = Stream.concat(
                Stream.of(JDK + "/bin/jdeps", "-summary", "--ignore-missing-deps", "--multi-release", "22",
                        "--add-modules", "ALL-SYSTEM"),
                jars(linked.resolve("lib"))).toList();

        ChildProcess.Result result = ChildProcess.run(command);

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        String needed = result.out()
                .lines()
                .map(line -> line.substring(line.indexOf("-> ") + "-> ".length()))
                .filter(module -> module.startsWith("java.") || module.startsWith("jdk."))
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
        assertThat(Files.readString(CHECKOUT.resolve("scripts/link"))).contains("\nmodules=" + needed + "\n");
    }

    private static Stream<String> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).filter(name -> name.endsWith(".jar")).toList().stream();
        }
    }

    @Test
    @RequiresKvm
    void jdkWithoutJlink_isUsedAsItIs(@TempDir Path directory) throws IOException {
        Path jdk = Files.createDirectories(directory.resolve("jdk"));
        try (Stream<Path> parts = Files.list(Path.of(JDK))) {
            for (Path part : parts.filter(part -> !part.endsWith("bin")).toList()) {
                Files.createSymbolicLink(jdk.resolve(part.getFileName()), part);
            }
        }
        Files.createDirectory(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nexec '" + JDK + "/bin/java' \"$@\"\n");
        assertThat(jdk.resolve("bin/java").toFile().setExecutable(true)).isTrue();
        Path folder = directory.resolve("linked");

        ChildProcess.Result made = link(folder, jdk.toString());
        ChildProcess.Result result = ChildProcess.run(program(folder, "run", "--count", "1"));

        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(made.out()).contains("no working jlink in this JDK: its own JVM is used");
        assertThat(folder.resolve("jre")).isSymbolicLink();
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        deleteSymbolicLinksIn(directory);
    }

    @Test
    @RequiresKvm
    void programWithAMismatchedCache_runsWithoutAMessage(@TempDir Path directory) throws IOException {
        Path folder = directory.resolve("copied");
        assertThat(ChildProcess.run(List.of("cp", "-a", linked.toString(), folder.toString())).exitCode()).isZero();
        assertThat(ChildProcess.run(List.of("touch", "-d", "@1", folder.resolve("lib/interject.jar").toString()))
                .exitCode()).isZero();

        ChildProcess.Result result = ChildProcess.run(program(folder, "run", "--count", "1"));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("\n  guest pic,");
        deleteSymbolicLinksIn(directory);
    }

    /** As after an update of Interject that needs a module more, with the same JDK. */
    @Test
    void jvmOfOtherModules_isMadeAgain(@TempDir Path directory) throws IOException {
        Path folder = directory.resolve("linked");
        assertThat(ChildProcess.run(List.of("cp", "-a", linked.toString(), folder.toString())).exitCode()).isZero();
        Path mark = folder.resolve("from.release");
        FileTime time = Files.getLastModifiedTime(mark);
        String modules = Files.readString(mark);

        ChildProcess.Result same = link(folder, JDK);
        Files.writeString(mark, "java.base\n");
        Files.setLastModifiedTime(mark, time);
        ChildProcess.Result other = link(folder, JDK);

        assertThat(same.out()).doesNotContain("a JVM with");
        assertThat(other.out()).contains("a JVM with " + modules.strip());
        assertThat(mark).hasContent(modules);
        deleteSymbolicLinksIn(directory);
    }

    @Test
    void wrongUsage_isOneLine() {
        ChildProcess.Result result = ChildProcess.run(List.of(CHECKOUT.resolve("scripts/link").toString()));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errLines()).hasSize(1);
    }
}
