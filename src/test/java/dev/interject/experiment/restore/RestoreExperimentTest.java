package dev.interject.experiment.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.Breakpoints;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.restore.TrialResult.Kind;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests that are saved and restored on the real KVM. */
@RequiresKvm
class RestoreExperimentTest {

    /**
     * As many rounds as the handler of a guest has instructions, if not said otherwise: {@code -Dinterject.rounds=200}.
     */
    private static final int ROUNDS = Integer.getInteger("interject.rounds", 10);
    private static final PieceOrder ORDER = PieceOrder.recommended();

    @ParameterizedTest
    @EnumSource
    void recommendedOrder_keepsEverything(PendingSituation situation) {
        RestoreReport report = restore(situation, Set.of(Irqchip.values()), ORDER, ROUNDS);

        assertThat(report.outcome()).as("%s %s", report.reason(), report.unchanged())
                .isEqualTo(report.unchanged().isEmpty() ? Outcome.HOST_UNABLE : Outcome.TAKEN);
        assertThat(report.unchanged()).allSatisfy(row -> assertThat(row.tried()).isEqualTo(ROUNDS));
        assertThat(report.unchanged().isEmpty()).isEqualTo(report.notes()
                .stream()
                .anyMatch(note -> note.contains(
                        "is left out")));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # situation,       piece,        what happens, where the state differs
            nmi-pending,       events,       LOST,         'NMIs pending: 0, was 1'
            nmi-in-handler,    events,       LOST,         'NMI mask: clear, was set'
            exception-queued,  events,       LOST,         'queued exception: none, was exception 0'
            exception-pending, events,       LOST,         'queued exception: none, was exception 14, error code 0x0, '
            sti-shadow,        events,       MISPLACED,    'interrupt shadow: none, was '
            message,           lapic,        LOST,         'LAPIC, IRR: empty, was 0x50'
            pin-edge,          lapic,        LOST,         'LAPIC, IRR: empty, was 0x44'
            deadline-far,      tsc-deadline, LOST,         'IA32_TSC_DEADLINE: not armed, was armed'
            one-shot-far,      lapic,        LOST,         'LAPIC, timer: not counting, was counting'
            ap-asleep,         mp-state,     LOST,         'vCPU 1, MP state: uninitialized, was halted'
            pit-ticks,         pit,          LOST,         'PIT, channel 0: does not tick, was ticks'
            port-read,         access,       LOST,         'RIP: '
            memory-read,       access,       LOST,         'RIP: '
            """)
    void pieceLeftOut_isMissed(String situation, String piece, Kind kind, String difference) {
        RestoreReport report = restore(PendingSituation.of(situation).orElseThrow(), Set.of(Irqchip.KERNEL),
                ORDER.without(Piece.of(piece).orElseThrow()), 1);
        TrialResult result = report.unchanged().getFirst().result();

        boolean departs = report.notes().stream().anyMatch(note -> note.contains("taken before HLT"));
        assertThat(result.kind()).isEqualTo(departs ? Kind.KEPT : kind);
        assertThat(result.differences()).anyMatch(line -> line.startsWith(difference));
    }

    /** Some back-ends of KVM have moved RIP past an OUT when it exits, some do so when it is completed. */
    @ParameterizedTest
    @EnumSource
    void portWriteThatIsNotCompleted_isRepeatedFromBeforeIt(Irqchip irqchip) {
        TrialResult result = restore(PendingSituation.PORT_WRITE, Set.of(irqchip), ORDER.without(Piece.ACCESS), 1)
                .unchanged()
                .getFirst()
                .result();

        assertThat(result.kind()).isEqualTo(result.differences().isEmpty() ? Kind.KEPT : Kind.DOUBLED);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # situation,     moved,        before
            deadline-far,    tsc-deadline, lapic
            exception-pending, events,     regs
            irqfd-signalled, irqfds,       ioapic
            irqfd-signalled, irqfds,       lapic
            """)
    void pieceTooEarly_isLost(String situation, String moved, String before) {
        PieceOrder changed = ORDER.movedBefore(List.of(Piece.of(moved).orElseThrow()), Piece.of(before).orElseThrow());

        assertThat(restored(situation, changed).kind()).isEqualTo(Kind.LOST);
    }

    @ParameterizedTest
    @EnumSource
    void payloadThatIsNotEnabled_refusesTheEvents(Irqchip irqchip) {
        TrialResult result = restore(PendingSituation.EXCEPTION_PENDING, Set.of(irqchip), ORDER.without(Piece.PAYLOAD),
                1).unchanged().getFirst().result();

        assertThat(result.kind()).isEqualTo(Kind.REFUSED);
        assertThat(result.detail()).isEqualTo("events: KVM_SET_VCPU_EVENTS: EINVAL (Invalid argument)");
    }

    @Test
    void moreVcpus_areKeptAsWell() {
        RestoreReport report = RestoreExperiment.run(new RestorePlan(
                List.of(PendingSituation.AP_PENDING, PendingSituation.MESSAGE, PendingSituation.DEADLINE_FAR),
                Set.of(Irqchip.values()), ORDER, 1, false, 4, Optional.empty()), new Cancellation(), _ -> {});

        assertThat(report.outcome()).as("%s", report.reason()).isEqualTo(Outcome.TAKEN);
        assertThat(report.unchanged()).hasSize(Breakpoints.work() ? 6 : 4)
                .noneMatch(row -> row.irqchip() == Irqchip.USERSPACE);
    }

    @Test
    void windowLeftOut_losesTheVectorsThatWait() {
        RestoreReport report = restore(PendingSituation.VECTORS_WAIT, Set.of(Irqchip.USERSPACE),
                ORDER.without(Piece.WINDOW), 1);

        assertThat(report.outcome()).isEqualTo(Outcome.NOT_TAKEN);
        assertThat(report.unchanged().getFirst().result().detail()).isEqualTo("2 lost");
    }

    @Test
    void allChanges_showWhatMustBeOrdered() {
        RestoreReport report = RestoreExperiment.run(new RestorePlan(List.of(PendingSituation.DEADLINE_FAR),
                Set.of(Irqchip.SPLIT), ORDER, 1, true, Optional.empty()), new Cancellation(), _ -> {});

        assertThat(report.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(report.requirements()).extracting(Requirement::describe)
                .contains("lapic before tsc-deadline", "tsc-deadline not left out", "lapic not left out",
                        "regs not left out", "memory not left out");
    }

    @Test
    void manyRounds_leaveNothing() throws IOException {
        restore(PendingSituation.IRQFD_SIGNALLED, Set.of(Irqchip.SPLIT), ORDER, 20);
        long files = count("/proc/self/fd");
        long threads = count("/proc/self/task");
        long mappings = Files.readAllLines(Path.of("/proc/self/maps")).size();

        restore(PendingSituation.IRQFD_SIGNALLED, Set.of(Irqchip.SPLIT), ORDER, 10 * ROUNDS);

        int some = 10; // of the JVM itself
        assertThat(count("/proc/self/fd")).isLessThan(files + some);
        assertThat(count("/proc/self/task")).isLessThan(threads + some);
        assertThat((long) Files.readAllLines(Path.of("/proc/self/maps")).size()).isLessThan(mappings + 10 * some);
    }

    private static long count(String folder) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(folder))) {
            return entries.count();
        }
    }

    private static TrialResult restored(String situation, PieceOrder order) {
        return restore(PendingSituation.of(situation).orElseThrow(), Set.of(Irqchip.KERNEL), order, 1).unchanged()
                .getFirst()
                .result();
    }

    private static RestoreReport restore(PendingSituation situation, Set<Irqchip> irqchips, PieceOrder order,
            int count) {
        return RestoreExperiment.run(new RestorePlan(List.of(situation), irqchips, order, count, false,
                Optional.empty()), new Cancellation(), _ -> {});
    }
}
