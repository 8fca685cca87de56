package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.gate.Prediction.Fate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random situations: the gates predict what happens to an interrupt. No fate is left out: where it is
 * taken and how often, whether it waits, coalesces or is lost, and how the guest breaks. A mismatch names the seed and
 * the command line that explains the same situation.
 *
 * <p>{@link RandomStates} says how to try more of them, or one again.
 */
@RequiresKvm
@Timeout(value = 12, unit = TimeUnit.HOURS) // on an emulated host with many states; each wait has a limit of its own
class RandomFatesTest {

    private static final int SEEDS_A_KIND = 1_000_000;

    static Stream<Arguments> kinds() {
        List<Arguments> kinds = new ArrayList<>();
        for (Irqchip irqchip : Irqchip.values()) {
            kinds.add(kind("a line of the 8259s, " + irqchip, 200, seed -> RandomSituation.ofPics(seed, irqchip)));
            kinds.add(kind("an NMI, " + irqchip, 30, seed -> RandomSituation.ofNmi(seed, irqchip)));
        }
        for (Irqchip irqchip : List.of(Irqchip.KERNEL, Irqchip.SPLIT)) {
            for (int vcpus : List.of(1, 2)) {
                String machine = ", %s, %d vCPUs".formatted(irqchip, vcpus);
                kinds.add(kind("a pin of the IOAPIC" + machine, 100,
                        seed -> RandomSituation.ofIoapic(seed, irqchip, vcpus)));
                kinds.add(kind("a message" + machine, 100, seed -> RandomSituation.ofMessage(seed, irqchip, vcpus)));
            }
            kinds.add(kind("the LAPIC's timer, " + irqchip, 30, seed -> RandomSituation.ofLapicTimer(seed, irqchip)));
        }
        kinds.add(kind("the PIT", 30, RandomSituation::ofPit));
        kinds.add(kind("a GSI with random routes", 100, RandomSituation::ofRoutes));
        return kinds.stream();
    }

    private static Arguments kind(String name, int count, LongFunction<RandomSituation> situations) {
        return Arguments.of(name, count, situations);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void fate_isAsPredicted(String name, int count, LongFunction<RandomSituation> situations) {
        long first = Math.floorMod(name.hashCode(), 1000) * (long) SEEDS_A_KIND;
        Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        List<String> mismatches = new ArrayList<>();
        int departing = 0;
        for (long seed : RandomStates.seeds(first, count).toArray()) {
            RandomSituation situation = situations.apply(seed);
            try (FateScene scene = new FateScene(situation)) {
                FateExpectation expected = scene.predict();
                fates.merge(expected.path().prediction().fate(), 1, Integer::sum);
                departing += expected.notes().isEmpty() ? 0 : 1;
                String found = "seed %d: %s; %s".formatted(seed, situation.command(), expected.path().prediction());
                expected.mismatch(scene.observe(expected)).ifPresent(what -> mismatches.add(what + "; " + found));
            }
        }
        System.out.printf("%s: seeds from %d: %s; %d depend on a departure of this host; mismatches: %d%n", name, first,
                fates, departing, mismatches.size());

        assertThat(mismatches).isEmpty();
    }
}
