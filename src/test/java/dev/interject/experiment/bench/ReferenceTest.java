package dev.interject.experiment.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.device.CommandPort;
import dev.interject.device.Doorbell;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.bench.BenchReport.Row;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in C. */
class ReferenceTest {

    private static final String DEFINITION = "(?m)^#define %s +(0x[0-9a-f]+|\\d+)u?( |$)";

    static Stream<Arguments> numbers() {
        return Stream.of(
                arguments("RAM_BYTES", MemoryMap.RAM_BYTES),
                arguments("MAILBOX", MemoryMap.MAILBOX),
                arguments("STAMPS_ENTERED", MemoryMap.STAMPS),
                arguments("PML4", MemoryMap.PML4),
                arguments("PDPT", MemoryMap.PDPT),
                arguments("PAGE_DIRECTORY", MemoryMap.PAGE_DIRECTORY),
                arguments("BOOT_GDT", MemoryMap.BOOT_GDT),
                arguments("APIC_PAGE_DIRECTORY", MemoryMap.APIC_PAGE_DIRECTORY),
                arguments("IOAPIC_BASE", MemoryMap.IOAPIC),
                arguments("LAPIC_BASE", MemoryMap.LAPIC),
                arguments("IDENTITY_MAP", MemoryMap.IDENTITY_MAP),
                arguments("TSS", MemoryMap.TSS),
                arguments("DOORBELL_PORT", Doorbell.PORT),
                arguments("COMMAND_PORT", CommandPort.PORT),
                arguments("COMMAND_VECTOR", CommandPort.VECTOR));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void number_isTheSameInC(String name, long number) throws IOException {
        Matcher definition = Pattern.compile(DEFINITION.formatted(name)).matcher(header());

        assertThat(definition.find()).isTrue();
        assertThat(Long.decode(definition.group(1))).isEqualTo(number);
    }

    private static String header() throws IOException {
        try (InputStream header = Reference.class.getResourceAsStream("/bench/reference.h")) {
            return new String(header.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assumeACompiler() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        assumeTrue(Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "cc"))), "no C compiler (cc) on PATH");
    }

    @RequiresKvm
    @ParameterizedTest
    @EnumSource
    void everyPath_isMeasuredInCToo(Irqchip irqchip) {
        assumeACompiler();
        BenchPlan plan =
                new BenchPlan(Optional.of(irqchip), Optional.empty(), Optional.empty(),
                        EnumSet.allOf(Measure.class), 20, 1, true);

        BenchReport report = BenchExperiment.run(plan, new Cancellation(), BenchObserver.NONE);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.TAKEN);
        assertThat(report.rows()).hasSameSizeAs(Subject.of(plan)).allSatisfy(row -> {
            assertThat(row).isInstanceOf(Row.Measured.class);
            assertThat(((Row.Measured) row).figures()).isNotEmpty().allSatisfy(figure -> {
                int turns = plan.turns(row.subject().measure());
                assertThat(figure.times().count()).isEqualTo(turns);
                assertThat(figure.besideC().orElseThrow().times().count()).isEqualTo(turns);
                assertThat(figure.besideC().orElseThrow().times().max()).isPositive();
            });
        });
    }

    @Test
    void cancelledBench_keepsTheFinishedRows() {
        assumeACompiler();
        Cancellation cancellation = new Cancellation();
        BenchPlan plan = new BenchPlan(Optional.of(Irqchip.KERNEL), Optional.empty(), Optional.empty(),
                EnumSet.of(Measure.LATENCY), 1000, 5, true);
        cancellation.request();

        BenchReport report = BenchExperiment.run(plan, cancellation, BenchObserver.NONE);

        assertThat(report.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(report.rows()).isEmpty();
    }

    /** Ctrl-C reaches the program as well, and may end it before we hear of it. */
    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "TERM"})
    void referenceEndedByASignal_isACancellation(String signal) throws IOException {
        assumeACompiler();
        Cancellation cancellation = new Cancellation();
        try (Reference reference = Reference.build(cancellation)) {
            Process ended = new ProcessBuilder("sh", "-c", "kill -" + signal + " $$").start();

            assertThatThrownBy(() -> reference.await(ended)).isInstanceOfSatisfying(EndedEarlyException.class,
                    failed -> assertThat(failed.ending().outcome()).isEqualTo(Outcome.INTERRUPTED));
            assertThat(cancellation.isRequested()).isTrue();
        }
    }

    @Test
    void referenceThatCrashes_isNotACancellation() throws IOException {
        assumeACompiler();
        Cancellation cancellation = new Cancellation();
        try (Reference reference = Reference.build(cancellation)) {
            Process crashed = new ProcessBuilder("sh", "-c", "kill -SEGV $$").start();

            assertThat(reference.await(crashed)).isEqualTo(128 + 11);
            assertThat(cancellation.isRequested()).isFalse();
        }
    }

    /** After SIGKILL, for example. */
    @Test
    void directoryOfAProcessThatWasKilled_isDeletedByTheNext(@TempDir Path parent) throws IOException {
        Path abandoned = Files.createDirectory(parent.resolve("interject-bench1"));
        Files.createFile(abandoned.resolve("lock"));
        Files.createFile(abandoned.resolve("reference"));
        Path justMade = Files.createDirectory(parent.resolve("interject-bench2"));
        Path another = Files.createDirectory(parent.resolve("another"));
        Files.createFile(another.resolve("lock"));
        Path link = Files.createSymbolicLink(parent.resolve("interject-bench3"), another);

        try (WorkDirectory first = WorkDirectory.makeIn(parent); WorkDirectory second = WorkDirectory.makeIn(parent)) {
            assertThat(abandoned).doesNotExist();
            assertThat(List.of(justMade, another.resolve("lock"), link, first.path(), second.path()))
                    .allSatisfy(kept -> assertThat(kept).exists());
        }
        assertThat(parent.toFile().list()).containsExactlyInAnyOrder("interject-bench2", "another", "interject-bench3");
    }

    @Test
    void directoryOfTheReference_isDeleted() throws IOException {
        assumeACompiler();
        long before = directories();

        Reference.build(new Cancellation()).close();

        assertThat(directories()).isEqualTo(before);
    }

    private static long directories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("interject-bench")).count();
        }
    }
}
