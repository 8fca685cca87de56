package dev.interject.experiment.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.kvm.state.LapicRegisters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every probe on the real device, whatever it finds. */
class ConformanceProbeTest {

    private static final int VECTOR = 0x61;

    @ParameterizedTest
    @EnumSource
    @RequiresKvm
    void probe_reachesAFinding(ConformanceProbe probe) {
        Finding finding = probe.probe();

        assertThat(finding).isNotInstanceOf(Finding.Inconclusive.class);
        assertThat(finding.evidence()).isNotBlank().doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource
    @RequiresKvm
    void probe_findsTheSameAgain(ConformanceProbe probe) {
        assertThat(Stream.generate(() -> probe.probe().label()).limit(5)).containsOnly(probe.probe().label());
    }

    @Test
    @RequiresKvm
    void lapicInService_agreesWithAnInspectionOfTheGuest() {
        boolean kept = ConformanceProbe.LAPIC_IN_SERVICE.probe() instanceof Finding.Kept;
        try (ProbedGuest guest = ProbedGuest.of(BuiltinGuest.APIC_NO_EOI.image())) {
            guest.start(1);
            guest.send(VECTOR);
            guest.awaitTaken(VECTOR);

            LapicRegisters lapic = guest.lookAsleep().controllers().lapic().orElseThrow();

            assertThat(lapic.isInService(VECTOR)).isEqualTo(kept);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "RETURN_ABSENT_STACK | IRETQ to a stack segment that is not present raised #SS"
                + " | IRETQ to a stack segment that is not present raised #NP",
        "RETURN_NULL_STACK | IRETQ to ring 0 and SS 0x1 raised #GP | a handler in ring 0 returned to SS 0x1"})
    @RequiresKvm
    void stackSegmentOfIretq_isKeptOrDepartsByWhatTheGuestReports(ConformanceProbe probe, String kept,
            String departing) {
        assertThat(probe.probe()).isIn(new Finding.Kept(kept), new Finding.Departs(departing));
    }

    @Test
    @RequiresKvm
    void allProbes_leaveNothingBehind() throws IOException {
        probeAll();
        long before = openDescriptors();

        probeAll();

        assertThat(openDescriptors()).isEqualTo(before);
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("vcpu"));
    }

    @ParameterizedTest
    @EnumSource
    void texts_areShortEnoughForATable(ConformanceProbe probe) {
        assertThat(probe.title()).isNotBlank().hasSizeLessThan(30);
        assertThat(probe.label()).matches("[a-z-]+");
        assertThat(Stream.of(probe.rule(), probe.source(), probe.consequence())).noneMatch(String::isBlank);
    }

    private static void probeAll() {
        Arrays.stream(ConformanceProbe.values()).forEach(ConformanceProbe::probe);
    }

    /** Descriptors that a machine opens: KVM's and eventfds. */
    private static long openDescriptors() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.map(ConformanceProbeTest::target)
                    .filter(target -> target.contains("kvm") || target.contains("eventfd"))
                    .count();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
