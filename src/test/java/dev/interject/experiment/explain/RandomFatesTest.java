package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.interrupt.gate.Prediction.Fate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random situations: the gates predict what happens to an interrupt. No fate is left out: where it is taken and how
 * often, whether it waits, coalesces or is lost, and how the guest breaks. A mismatch names the seed and the command
 * line that explains the same situation. What depends on a departure of this host, which a probe of the same run finds,
 * is counted.
 *
 * <p>{@link RandomStates} says how to try more of them, or one again.
 */
@RequiresKvm
@Timeout(value = 12, unit = TimeUnit.HOURS) // on an emulated host with many states; each wait has a limit of its own
class RandomFatesTest {

    static Stream<RandomKind> kinds() {
        return RandomKind.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void fate_isAsPredicted(RandomKind kind) {
        Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        Map<String, Integer> departures = new TreeMap<>();
        List<String> mismatches = new ArrayList<>();
        long[] seeds = RandomStates.seeds(kind.firstSeed(), kind.count()).toArray();
        for (long seed : seeds) {
            RandomSituation situation = kind.situations().apply(seed);
            try (FateScene scene = new FateScene(situation)) {
                FateExpectation expected = scene.predict();
                fates.merge(expected.path().prediction().fate(), 1, Integer::sum);
                expected.rules().departures().forEach(departure -> departures.merge(departure, 1, Integer::sum));
                new FateComparison(expected, scene.observe(expected)).mismatch()
                        .map(what -> "seed %d: %s; %s; %s".formatted(seed, what, situation.command(),
                                expected.path().prediction()))
                        .ifPresent(mismatch -> {
                            System.out.println(mismatch); // a run of many takes hours
                            mismatches.add(mismatch);
                        });
            } catch (RuntimeException failed) {
                throw new AssertionError("seed %d: %s".formatted(seed, situation.command()), failed);
            }
        }
        System.out.printf("%s: %d seeds from %d: %s; mismatches: %d%n", kind, seeds.length, kind.firstSeed(), fates,
                mismatches.size());
        departures.forEach((departure, states) -> System.out.printf("  %d depend on this: %s%n", states, departure));

        assertThat(mismatches).isEmpty();
    }
}
