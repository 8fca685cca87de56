package dev.interject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonFactory;
import dev.interject.cli.ChildProcess;
import net.fornwall.jelf.ElfFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Interject on the module path of another program: those in {@code examples/library}. */
class LibraryTest {

    private static final Path EXAMPLES = Path.of("examples/library");
    private static final Path CLASSES = Path.of("target/classes");

    /** Interject and what it needs at run time, without picocli and Jackson, which only the command line uses. */
    private static final String MODULE_PATH = CLASSES.toAbsolutePath() + ":" + jarOf(ElfFile.class);

    @TempDir
    private static Path directory;
    private static Path examples;

    private static Path jarOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    @BeforeAll
    static void compileExamples() {
        examples = directory.resolve("examples");
        assertThat(compile(EXAMPLES, examples)).isEmpty();
    }

    /** The compiler's messages about the sources below a directory. */
    private static String compile(Path sources, Path output) {
        List<String> arguments = new ArrayList<>(List.of("--release", "22", "-Xlint:all", "-Werror", "--class-path", "",
                "--module-path", MODULE_PATH, "-d", output.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java")).map(Path::toString).forEach(arguments::add);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        return said.toString();
    }

    private static ChildProcess.Result run(String example, String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=dev.interject", "--module-path", MODULE_PATH + ":" + examples, "--module",
                "examples/" + example));
        Collections.addAll(command, arguments);
        return ChildProcess.run(command);
    }

    @Test
    @RequiresKvm
    void machineByHand_takesEveryPulse() {
        ChildProcess.Result result = run("examples.ByHand");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).startsWith("ready: true", "open: KVM_IRQ_LINE_STATUS", "open: GSI")
                .endsWith("pulse 1 taken: true", "pulse 2 taken: true", "pulse 3 taken: true", "pulse 4 taken: true",
                        "pulse 5 taken: true", "the guest counted 5 of vector 0x2a");
    }

    @Test
    @RequiresKvm
    void runOfAPlan_accountsForEveryMessage() {
        ChildProcess.Result result = run("examples.ByPlan");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).hasSize(3)
                .contains(
                        "Ledger[requested=1000, refused=0, taken=1000, coalesced=0, held=0, unknown=0, extra=0],"
                                + " lost 0",
                        "TAKEN")
                .anyMatch(line -> line.matches("vector 0x50, median \\d+\\.\\d us"));
    }

    @Test
    @RequiresKvm
    void ownKernel_talksToItsDevicesAndToTheProgram() {
        Path object = directory.resolve("console.o");
        Path kernel = directory.resolve("console.elf");
        ChildProcess.run(List.of("as", "--64", "-o", object.toString(), "examples/kernel/console.S"));
        ChildProcess.run(List.of("ld", "-Ttext=0x100000", "-o", kernel.toString(), object.toString()));

        ChildProcess.Result result = run("examples.OwnKernel", kernel.toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).containsExactly("port 0x500: 7", "offset 0x4: A", "answer: 7A!",
                "interrupt taken", "the guest wrote 0x10 to its exit port");
    }

    /** It is on the class path there, as JUnit is. */
    @Test
    void exampleOfAJunitTest_compiles() {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int exitCode = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(out, out, "--release", "22", "-Xlint:all",
                        "-Xlint:-requires-automatic", "-proc:none", "-Werror", "--class-path",
                        System.getProperty("java.class.path"), "-d", directory.resolve("junit").toString(),
                        "examples/junit/LineTest.java");

        assertThat(said.toString()).isEmpty();
        assertThat(exitCode).isZero();
    }

    @Test
    void commandLine_runsAsAModule() {
        String modules = MODULE_PATH + ":" + jarOf(CommandLine.class) + ":" + jarOf(JsonFactory.class);
        ChildProcess.Result result = ChildProcess.run(List.of(System.getProperty("java.home") + "/bin/java",
                "--module-path", modules, "--add-modules", "info.picocli,com.fasterxml.jackson.core,java.xml",
                "--enable-native-access=dev.interject", "--module", "dev.interject/dev.interject.cli.Main", "lines",
                "--output", "json"));

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith("[{").contains("\"line\":15");
    }

    @Test
    void module_exportsWhatIsSupportedAndNothingElse() {
        ModuleDescriptor module = ModuleFinder.of(CLASSES).find("dev.interject").orElseThrow().descriptor();

        assertThat(module.exports()).extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrder(
                        "dev.interject.device", "dev.interject.device.pc", "dev.interject.experiment",
                        "dev.interject.experiment.boot", "dev.interject.experiment.compare",
                        "dev.interject.experiment.doctor", "dev.interject.experiment.explain",
                        "dev.interject.experiment.image",
                        "dev.interject.experiment.plan", "dev.interject.experiment.probe",
                        "dev.interject.experiment.qemu",
                        "dev.interject.experiment.restore", "dev.interject.experiment.run",
                        "dev.interject.experiment.setting", "dev.interject.experiment.situation",
                        "dev.interject.experiment.state",
                        "dev.interject.experiment.suite", "dev.interject.experiment.suite.list",
                        "dev.interject.experiment.sweep",
                        "dev.interject.experiment.timeline",
                        "dev.interject.experiment.trace", "dev.interject.experiment.witness", "dev.interject.guest",
                        "dev.interject.guest.boot",
                        "dev.interject.guest.firmware", "dev.interject.guest.image", "dev.interject.interrupt",
                        "dev.interject.interrupt.delivery", "dev.interject.interrupt.gate",
                        "dev.interject.interrupt.inject", "dev.interject.interrupt.route",
                        "dev.interject.interrupt.state", "dev.interject.kvm", "dev.interject.kvm.state",
                        "dev.interject.linux.error", "dev.interject.machine", "dev.interject.machine.board",
                        "dev.interject.machine.pc", "dev.interject.machine.snapshot", "dev.interject.machine.vcpu",
                        "dev.interject.trace");
        assertThat(module.exports()).noneMatch(ModuleDescriptor.Exports::isQualified);
        assertThat(module.opens()).isNotEmpty()
                .allMatch(ModuleDescriptor.Opens::isQualified)
                .allMatch(opened -> opened.source().startsWith("dev.interject.cli"));
    }

    /** What a caller needs besides Interject is what is always required. */
    @Test
    void module_requiresOnlyTheElfReader() {
        ModuleDescriptor module = ModuleFinder.of(CLASSES).find("dev.interject").orElseThrow().descriptor();

        assertThat(module.requires()
                .stream()
                .filter(required -> !required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name)).containsExactlyInAnyOrder("java.base", "net.fornwall.jelf");
    }

    @Test
    void eventfdBoundToALine_compilesInANamedModule() throws IOException {
        Path sources = Files.createDirectories(directory.resolve("irqfd"));
        Files.writeString(sources.resolve("module-info.java"), "module caller { requires dev.interject; }");
        Files.writeString(sources.resolve("Caller.java"), """
                package caller;

                import dev.interject.kvm.EventFd;
                import dev.interject.kvm.VirtualMachine;

                class Caller {
                    void bind(VirtualMachine vm, EventFd event, EventFd resample) {
                        vm.bindIrqfd(event, 10);
                        vm.unbindIrqfd(event, 10);
                        vm.bindIrqfd(event, 10, resample);
                    }
                }
                """);

        assertThat(compile(sources, sources.resolve("classes"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.interject.linux.Fd", "dev.interject.bindings.NativeHeaders", "dev.interject.cli.Main"})
    void typeThatIsNotExported_doesNotCompile(String type) throws IOException {
        Path sources = Files.createDirectories(directory.resolve(type));
        Files.writeString(sources.resolve("module-info.java"), "module nosy { requires dev.interject; }");
        Files.writeString(sources.resolve("Nosy.java"), "package nosy; class Nosy { %s it; }".formatted(type));

        assertThat(compile(sources, sources.resolve("classes"))).contains("is not visible",
                "in module dev.interject, which does not export it");
    }
}
