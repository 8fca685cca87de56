package dev.interject.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs what the pages run, and compares what is stable in the output. {@code scripts/refresh-docs} brings the pages up
 * to date.
 */
class DocumentedCommandsTest {

    /** docs/your-guest.md boots kernels that it builds first. */
    @BeforeAll
    static void buildExampleKernels() {
        String build = Page.of("docs/your-guest.md")
                .blocks("sh")
                .stream()
                .flatMap(block -> block.lines().stream())
                .collect(Collectors.joining("\n"));
        ChildProcess.Result result = ChildProcess.run(List.of("sh", "-ec", build));

        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    static List<Transcript> commands() {
        return Transcript.all();
    }

    @RequiresKvm
    @ParameterizedTest
    @MethodSource("commands")
    void command_printsWhatItsPageShows(Transcript transcript) {
        ChildProcess.Result result = transcript.run();
        List<String> output = Transcript.output(result);

        assertThat(result.exitCode() != 0).as(() -> String.join("\n", output)).isEqualTo(transcript.showsFailure());
        assertThat(compared(transcript) ? transcript.excerpt().missingFrom(output) : List.of())
                .as(() -> "not in the output (scripts/refresh-docs):\n" + String.join("\n", output))
                .isEmpty();
    }

    private static boolean compared(Transcript transcript) {
        String host = transcript.block().directive("host");
        return transcript.block().directive("varies").isEmpty() && (host.isEmpty() || BACK_END.contains(host));
    }

    /** {@code kvm_intel}, {@code kvm_amd} or another, as the last line of the version says it. */
    private static final String BACK_END = Interject.run("--version").out();

    /** So that a skipped block is a decision. */
    @Test
    void blocksThatAreNotRun_areTheseForAReason() {
        Map<String, Long> reasons = Page.all()
                .stream()
                .flatMap(page -> page.blocks("console").stream())
                .map(block -> block.directive("not run"))
                .filter(reason -> !reason.isEmpty())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));

        assertThat(reasons).isEqualTo(Map.of("builds packages", 1L, "emulates a host", 7L, "needs a C compiler", 1L,
                "needs Docker", 2L, "needs QEMU", 3L, "takes minutes", 3L));
    }

    @Test
    void pages_haveCommandsToRun() {
        assertThat(commands()).hasSizeGreaterThan(40);
    }
}
