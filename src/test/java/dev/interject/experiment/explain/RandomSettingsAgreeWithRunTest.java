package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongFunction;
import java.util.stream.Stream;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Prediction.Fate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code explain} and {@code run} agree on guests in which random values are set: the ledger says of the interrupt what
 * was predicted, with and without {@code --force}.
 */
@RequiresKvm
class RandomSettingsAgreeWithRunTest {

    /** Seeds, separated by commas. */
    private static final Optional<String> ONLY = Optional.ofNullable(System.getProperty("interject.seed"));
    /** How many times as many plans. */
    private static final int TIMES = Integer.getInteger("interject.runs", 1);

    static Stream<Arguments> kinds() {
        List<Arguments> kinds = new ArrayList<>();
        for (Irqchip irqchip : Irqchip.values()) {
            kinds.add(kind("a line of the 8259s, " + irqchip, 15, seed -> RandomKind.ofPics(seed, irqchip)));
            kinds.add(kind("an NMI, " + irqchip, 8, seed -> RandomKind.ofNmi(seed, irqchip)));
        }
        for (Irqchip irqchip : List.of(Irqchip.KERNEL, Irqchip.SPLIT)) {
            for (int vcpus : List.of(1, 2)) {
                String machine = ", %s, %d vCPUs".formatted(irqchip, vcpus);
                kinds.add(kind("a pin of the IOAPIC" + machine, 10,
                        seed -> RandomMessages.ofPin(seed, irqchip, vcpus)));
                kinds.add(kind("a message" + machine, 10, seed -> RandomMessages.ofMessage(seed, irqchip, vcpus)));
            }
            kinds.add(kind("the LAPIC's timer, " + irqchip, 6, seed -> RandomKind.ofLapicTimer(seed, irqchip)));
        }
        kinds.add(kind("the PIT", 6, RandomKind::ofPit));
        kinds.add(kind("a GSI with random routes", 15, RandomKind::ofRoutes));
        return kinds.stream();
    }

    private static Arguments kind(String name, int count, LongFunction<RandomSituation> situations) {
        return Arguments.of(name, count, situations);
    }

    /** What ends the guest, or wakes it, beside the interrupt is in no ledger. */
    private static boolean hasAnEventOfItsOwn(String setting) {
        return Stream.of("cpu.exception=", "cpu.queued=", "cpu.rip=", "cpu.activity=").anyMatch(setting::contains);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void ledger_isAsExplained(String name, int count, LongFunction<RandomSituation> situations) {
        long first = RandomStates.firstSeed(name) + 500_000;
        Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        List<String> disagreements = new ArrayList<>();
        for (long seed = first; seed < first + (long) count * TIMES; seed++) {
            if (ONLY.isPresent() && !List.of(ONLY.get().split(",")).contains(Long.toString(seed))) {
                continue;
            }
            RandomSituation situation = situations.apply(seed);
            if (situation.situation()
                    .texts()
                    .stream()
                    .anyMatch(RandomSettingsAgreeWithRunTest::hasAnEventOfItsOwn)) {
                continue;
            }
            RunPlan plan = situation.run().with(situation.situation());
            ExplainReport explained = ExplainExperiment.explain(
                    new ExplainPlan(plan, 0, Optional.empty(), OptionalInt.empty(), Optional.empty())
                            .withTimeout(Optional.of(Hang.AFTER)),
                    new Cancellation());
            explained.explanation().ifPresent(that -> fates.merge(that.prediction().fate(), 1, Integer::sum));
            ExpectedLedger expected = ExpectedLedger.of(plan, explained);
            String where = "; seed %d: %s".formatted(seed, situation.command());
            expected.disagreement(expected.run(false)).ifPresent(what -> disagreements.add(what + where));
            if (expected.outcome() == Outcome.REFUSED) {
                expected.disagreementIfForced(expected.run(true)).ifPresent(what -> disagreements.add(what + where));
            }
        }
        System.out.printf("%s: seeds from %d: %s; disagreements: %d%n", name, first, fates, disagreements.size());

        assertThat(disagreements).isEmpty();
    }
}
