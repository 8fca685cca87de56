package dev.interject.experiment.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.suite.SuiteResult.Verdict;
import dev.interject.experiment.suite.list.Suite;
import dev.interject.experiment.suite.list.SuiteTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Suites of real guests. */
@RequiresKvm
class SuiteExperimentTest {

    @TempDir
    private Path directory;

    private SuiteResult only(String content) {
        return Suites.run(Suites.plan(Suites.file(directory, content), 1)).results().getFirst();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void imagesOfEveryFormat_pass(int jobs) {
        SuiteReport report = Suites.run(Suites.plan(Suites.file(directory, Suites.ofEveryFormat()), jobs));

        assertThat(report.results()).hasSize(11)
                .allSatisfy(result -> assertThat(result.verdict()).as(result.test().name() + ": " + result.reason())
                        .isEqualTo(Verdict.PASS));
        assertThat(report.outcome().exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | PASS | ''", "1 | FAIL | exit code 3; FAIL 1",
        "V | SKIP | the guest skipped all", "o | FAIL | the guest aborted; o"})
    void exitCode_decidesAsInKvmUnitTests(String letter, Verdict verdict, String reason) {
        SuiteResult result = only(Suites.verdict("one", letter));

        assertThat(result.verdict()).isEqualTo(verdict);
        assertThat(result.reason()).isEqualTo(reason);
        assertThat(result.exitCode()).isEqualTo(OptionalInt.of((letter.charAt(0) - '0') * 2 + 1));
    }

    @Test
    void crash_failsWithThePlaceOfIt() {
        SuiteResult result = only(Suites.verdict("one", "u"));

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reason()).contains("vCPU 0 is at ");
        assertThat(result.vcpus()).hasSize(1);
    }

    @Test
    void guestThatSleeps_timesOutWithItsPlace() {
        Path file = Suites.file(directory, Suites.verdict("one", "h") + "timeout = 2s\n");
        SuitePlan plan = new SuitePlan(Suite.of(file), Set.of(), Optional.empty(), Optional.empty(), 1,
                Optional.empty());

        SuiteResult result = Suites.run(plan).results().getFirst();

        assertThat(result.verdict()).isEqualTo(Verdict.TIMEOUT);
        assertThat(result.reason()).contains("after 2 s: vCPU 0 is at ", "(asleep+0x2)", "IF = 0, asleep in HLT",
                "line 0 is held at vCPU, RFLAGS.IF (IF = 0)");
    }

    @Test
    void interruptThatIsPending_isShownWithTheGateThatHoldsIt() {
        assertThat(reasonOf("no-eoi", "userspace"))
                .contains("IF = 1, asleep in HLT", "line 0 is held at master 8259, ISR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "userspace"})
    void interruptWithoutEoi_isShownWhateverElseIsPending(String irqchip) {
        assertThat(reasonOf("serial-no-eoi", irqchip)).contains("asleep in HLT")
                .endsWith("; line 4 is in service at the master 8259 (ISR 0x10): no EOI yet");
    }

    private String reasonOf(String image, String irqchip) {
        Path file = Suites.file(directory,
                "[one]\nfile = %s.img\nirqchip = %s\ntimeout = 10s\n".formatted(image, irqchip));
        return Suites.run(new SuitePlan(Suite.of(file), Set.of(), Optional.empty(), Optional.empty(), 1,
                Optional.empty())).results().getFirst().reason();
    }

    @Test
    void reason_hasNoControlCharacters() {
        assertThat(only("[one]\nfile = elf64.img\nexit-code = 33\nuntil = \033[31mred\u202e\n").reason())
                .isEqualTo("ended without showing ' [31mred '");
    }

    @Test
    void missingImage_fails() {
        SuiteResult result = only("[one]\nfile = none.img\n");

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reason()).contains("none.img: no such file");
    }

    @Test
    void textThatIsNotShown_fails() {
        assertThat(only("[one]\nfile = elf64.img\nexit-code = 33\nuntil = never\n").reason())
                .isEqualTo("ended without showing 'never'");
    }

    @Test
    void logs_haveTheConsolesOutput() throws IOException {
        Suite suite = Suite.of(Suites.file(directory, Suites.verdict("one", "0")));
        Path logs = Files.createDirectory(directory.resolve("logs"));

        Suites.run(new SuitePlan(suite, Set.of(), Optional.empty(), Optional.empty(), 1, Optional.of(logs)));

        assertThat(logs.resolve("one.log")).hasContent("0\n");
    }

    @Test
    void tests_areReportedInTheirOrder() {
        Suites.Ended ended = new Suites.Ended();
        String content = Suites.verdict("slow", "h") + "timeout = 1s\n" + Suites.verdict("quick", "0");
        SuitePlan plan = new SuitePlan(Suite.of(Suites.file(directory, content)), Set.of(), Optional.empty(),
                Optional.empty(), 2, Optional.empty());

        SuiteExperiment.run(plan, new Cancellation(), ended);

        assertThat(ended.names).containsExactly("slow", "quick");
    }

    @Test
    void cancellation_endsWhatRunsAndReportsWhatEnded() {
        String content = Suites.verdict("first", "0") + Suites.verdict("second", "h") + Suites.verdict("third", "0");
        Cancellation cancellation = new Cancellation();

        SuiteReport report = SuiteExperiment.run(Suites.plan(Suites.file(directory, content), 1), cancellation,
                new SuiteObserver() {
                    @Override
                    public void begins(SuiteTest test) {
                        if (test.name().equals("second")) {
                            cancellation.request();
                        }
                    }

                    @Override
                    public void ended(SuiteResult result) {
                        // the report is looked at
                    }
                });

        assertThat(report.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(report.results()).extracting(result -> result.test().name()).containsExactly("first");
        assertThat(report.notRun()).containsExactly("second", "third");
    }

    /** Threads and file descriptors of 200 guests are released, and so is their memory. */
    @Test
    void manyTests_leaveNothingBehind() throws IOException {
        String content = IntStream.range(0, 200)
                .mapToObj(i -> Suites.verdict("test-" + i, i % 50 == 7 ? "u" : i % 10 == 3 ? "1" : "0"))
                .collect(Collectors.joining());
        SuitePlan plan = Suites.plan(Suites.file(directory, content), 2);
        Suites.run(new SuitePlan(plan.suite(), Set.of("test-0", "test-7"), Optional.empty(), Optional.empty(), 1,
                Optional.empty()));
        long descriptors = entries("fd");
        long maps = Files.readAllLines(Path.of("/proc/self/maps")).size();

        SuiteReport report = Suites.run(plan);

        assertThat(report.results()).hasSize(200);
        assertThat(report.count(Verdict.PASS)).isEqualTo(176);
        assertThat(entries("fd")).isLessThan(descriptors + 10);
        assertThat((long) Files.readAllLines(Path.of("/proc/self/maps")).size()).isLessThan(maps + 100);
        Hang.orUntil(() -> guestThreads().isEmpty());
    }

    private static List<String> guestThreads() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("vcpu-") || name.equals("console") || name.equals("timers")
                        || name.equals("test"))
                .toList();
    }

    private static long entries(String what) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self").resolve(what))) {
            return files.count();
        }
    }

    @Test
    void timeoutOfThePlan_replacesThatOfTheTest() {
        Suite suite = Suite.of(Suites.file(directory, Suites.verdict("one", "h") + "timeout = 1000\n"));
        SuitePlan plan = new SuitePlan(suite, Set.of(), Optional.empty(), Optional.of(Duration.ofMillis(100)), 1,
                Optional.empty());

        assertThat(Suites.run(plan).results().getFirst().reason()).startsWith("after 100 ms: ");
    }
}
