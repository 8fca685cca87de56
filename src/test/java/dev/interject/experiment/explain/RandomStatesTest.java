package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

import dev.interject.RequiresKvm;
import dev.interject.experiment.explain.RandomScene.Shot;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random states of controllers and vCPU: what the gates predict for an interrupt is what happens to it.
 * Each begins with a seed of its own, which a failure names.
 */
@RequiresKvm
class RandomStatesTest {

    private static final int LINES_OF_8259S = 1200;
    private static final int MESSAGES = 900;
    private static final int ROUTES = 600;

    @ParameterizedTest
    @CsvSource({"KERNEL, 1", "USERSPACE, 2", "SPLIT, 3"})
    void lineOfThe8259s_behavesAsPredicted(Irqchip irqchip, int seed) {
        try (RandomScene scene = RandomScene.ofPics(irqchip)) {
            shoot(scene, seed, LINES_OF_8259S);
        }
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, 4", "SPLIT, 5"})
    void pinOfTheIoapic_behavesAsPredicted(Irqchip irqchip, int seed) {
        try (RandomScene scene = RandomScene.ofIoapic(irqchip)) {
            shoot(scene, seed, MESSAGES);
        }
    }

    @ParameterizedTest
    @CsvSource({"KERNEL, 6", "SPLIT, 7"})
    void message_behavesAsPredicted(Irqchip irqchip, int seed) {
        try (RandomScene scene = RandomScene.ofMessages(irqchip)) {
            shoot(scene, seed, MESSAGES);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9})
    void gsiWithRandomRoutes_behavesAsPredicted(int seed) {
        try (RandomScene scene = RandomScene.ofRoutes(seed)) {
            shoot(scene, seed, ROUTES);
        }
    }

    private static void shoot(RandomScene scene, int firstSeed, int times) {
        // -Dinterject.seed=N plays the state of that seed alone again
        OptionalLong replay = Optional.ofNullable(Long.getLong("interject.seed"))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
        int count = times * Integer.getInteger("interject.states", 1);
        for (int i = 0; i < count; i++) {
            long seed = firstSeed * 1_000_000L + i;
            if (replay.isPresent() && replay.getAsLong() != seed) {
                continue;
            }
            Shot shot = scene.shoot(new Random(seed));

            assertThat(shot.taken()).as(() -> "seed %d: %s%n%s%n%s".formatted(seed, shot.prediction(), shot.path(),
                    shot.state())).isEqualTo(shot.expected());
        }
    }
}
