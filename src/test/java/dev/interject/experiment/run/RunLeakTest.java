package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Outcome;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand runs leak nothing in this process. */
@RequiresKvm
@Tag("long")
class RunLeakTest {

    private static final Duration TINY = Duration.ofMillis(5);

    /**
     * Of mappings that are not Interject's: the JVM's heap, code cache, stacks of its compiler threads. Far below one a
     * run.
     */
    private static final long JVM_MAPPINGS = 100;

    /** The allowance in bytes of address space; a guest's RAM is 2 MiB, and the kernel may merge mappings. */
    private static final long JVM_BYTES = 512L << 20;

    /** One run of each kind, with how it ends. */
    private enum Kind {
        TAKEN_IN_KERNEL(Run.on(Irqchip.KERNEL).count(2), Outcome.TAKEN),
        TAKEN_IN_USERSPACE(Run.on(Irqchip.USERSPACE).count(2), Outcome.TAKEN),
        RAW_VECTOR(Run.on(Irqchip.USERSPACE).vector(0x41).count(2), Outcome.TAKEN),
        REAL_MODE(Run.on(Irqchip.USERSPACE).guest(BuiltinGuest.REAL).count(2), Outcome.TAKEN),
        REFUSED_BEFORE_THERE_IS_A_MACHINE(Run.on(Irqchip.KERNEL).line(2), Outcome.REFUSED),
        REFUSED_IN_KERNEL(Run.on(Irqchip.KERNEL).vector(0x41), Outcome.REFUSED),
        REFUSED_IN_USERSPACE(Run.on(Irqchip.USERSPACE).guest(BuiltinGuest.NO_PIC), Outcome.REFUSED),
        TRIPLE_FAULT(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.NO_IDT).force(), Outcome.GUEST_CRASHED),
        EXCEPTION(Run.on(Irqchip.USERSPACE).guest(BuiltinGuest.NO_GATE).force(), Outcome.GUEST_CRASHED),
        TIMED_OUT(Run.on(Irqchip.KERNEL).guest(BuiltinGuest.REAL).count(100).interval(TINY).timeout(TINY),
                Outcome.TIMED_OUT);

        private final Run run;
        private final Outcome outcome;

        Kind(Run run, Outcome outcome) {
            this.run = run;
            this.outcome = outcome;
        }

        void perform() {
            assertThatRun(run.report()).hasOutcome(outcome);
        }
    }

    @Test
    void thousandRunsInOneJvm_leaveNoDescriptorMappingOrThreadMoreThanTheFirstTen() throws IOException {
        performAllKinds(1);
        long descriptors = descriptors();
        long javaThreads = javaThreads();
        long kvmMappings = mappingsOfKvm();
        long mappings = mappings().count();
        long mappedBytes = mappedBytes();

        performAllKinds(99);

        assertThat(descriptors()).as("descriptors").isEqualTo(descriptors);
        assertThat(javaThreads()).as("Java threads").isLessThanOrEqualTo(javaThreads);
        assertThat(threadsOfVcpus()).as("vCPU threads").isZero();
        assertThat(mappingsOfKvm()).as("mappings of KVM").isEqualTo(kvmMappings).isZero();
        assertThat(mappings().count()).as("all mappings").isLessThan(mappings + JVM_MAPPINGS);
        assertThat(mappedBytes()).as("bytes mapped").isLessThan(mappedBytes + JVM_BYTES);
    }

    private static void performAllKinds(int times) {
        IntStream.range(0, times).forEach(i -> Stream.of(Kind.values()).forEach(Kind::perform));
    }

    /** Without the descriptor that reads this list. */
    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count() - 1;
        }
    }

    private static long javaThreads() {
        return Thread.getAllStackTraces().size();
    }

    private static long threadsOfVcpus() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().startsWith("vcpu"))
                .count();
    }

    private static long mappingsOfKvm() throws IOException {
        return mappings().filter(line -> line.contains("kvm")).count();
    }

    private static long mappedBytes() throws IOException {
        return mappings().map(line -> line.substring(0, line.indexOf(' ')).split("-"))
                .mapToLong(range -> Long.parseUnsignedLong(range[1], 16) - Long.parseUnsignedLong(range[0], 16))
                .sum();
    }

    private static Stream<String> mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream();
    }
}
