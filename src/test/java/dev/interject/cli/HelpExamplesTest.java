package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The examples below each {@code --help}: users type them first. */
class HelpExamplesTest {

    /** Exit codes of examples that show something other than success. */
    private static final Map<String, Integer> EXIT_CODES = Map.of(
            "run --guest slow --burst 10 --count 100", 1,
            "run --guest deaf --timeout 2s --output json", 5,
            "explain --guest deaf", 1,
            "explain --guest no-eoi --after 1", 1,
            "explain --fault slave-masked", 1,
            "explain --set pic.slave.imr=0xff", 1,
            "explain --at sleep --at-instruction 1", 1,
            "explain --after 1 --at taken", 1,
            "explain --path msi --vector 0x0f --dump", 1,
            "restore --situation deadline-far --without tsc-deadline", 1);

    /** They measure for minutes; shorter ones of the same kind are in BenchOutputTest. */
    private static final Set<String> TOO_LONG = Set.of("bench --reference", "bench --output json --file before.json",
            "bench --baseline before.json", "bench --vms 256", "bench --irqchip kernel --path line",
            "compare --count 100000 --output json");

    /**
     * Their images are the user's: BootCommandTest, ImageExplainTest, ImageRunTest and SuiteCommandTest boot such.
     * QemuCommandTest has a QEMU.
     */
    private static final Set<String> NEEDS_A_GUEST_OF_THE_USERS = Set.of("boot kernel.elf --timeout 10s",
            "boot bzImage --initrd initrd --append console=ttyS0 --until login:", "suite x86/unittests.cfg",
            "explain --image kernel.elf --irq 0 --after 500ms", "explain --qemu /run/vm.qmp --irq 11",
            "sweep --image kernel.elf --irq 4 --from idle",
            "run --image kernel.elf --irq 4",
            "suite x86/unittests.cfg --group vmexit --jobs 2",
            "suite tests.cfg timer serial --logs logs --output tap");

    static Stream<String> examples() {
        return Stream.concat(Stream.of(Main.commandLine()), Main.commandLine().getSubcommands().values().stream())
                .map(CommandLine::getCommandSpec)
                .flatMap(command -> Stream.of(command.usageMessage().footer()))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("  interject "))
                .map(line -> line.strip().substring("interject ".length()));
    }

    static Stream<Arguments> thoseOfASecond() {
        return examples()
                .filter(example -> !TOO_LONG.contains(example) && !NEEDS_A_GUEST_OF_THE_USERS.contains(example))
                .map(example -> arguments(example, EXIT_CODES.getOrDefault(example, 0)));
    }

    @RequiresKvm
    @ParameterizedTest
    @MethodSource("thoseOfASecond")
    void example_exitsWithItsDocumentedCode(String example, int exitCode, @TempDir Path directory) throws IOException {
        String[] redirected = example.split(" > ");
        String[] arguments = redirected[0].replaceFirst("--(file|save) (\\S+)", "--$1 " + directory + "/$2").split(" ");

        ChildProcess.Result result = Interject.run(arguments);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(!result.out().isEmpty() || files.findAny().isPresent()).isTrue();
        }
    }

    @Test
    void listsOfThisTest_nameExistingExamples() {
        assertThat(examples()).hasSizeGreaterThan(20)
                .containsAll(EXIT_CODES.keySet())
                .containsAll(TOO_LONG)
                .containsAll(NEEDS_A_GUEST_OF_THE_USERS);
    }
}
