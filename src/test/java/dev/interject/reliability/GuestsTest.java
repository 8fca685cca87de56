package dev.interject.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.experiment.image.ImageMachine;
import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.image.Moment;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.run.RunReport;
import dev.interject.experiment.run.RunTrace;
import dev.interject.experiment.setting.Situation;
import dev.interject.experiment.witness.ImageRunExperiment;
import dev.interject.experiment.witness.ImageRunPlan;
import dev.interject.guest.image.ImageOptions;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests of random code, into which an interrupt is injected: each run has an outcome, and ends in time. */
@RequiresKvm
@Tag("long")
class GuestsTest {

    /** Its seed; another one with {@code -Dinterject.seed}. */
    private static final long SEED = Long.getLong("interject.seed", 20_26);
    private static final Duration TIME = Duration.ofMillis(20);
    /** What a stop of the vCPU and the report may take beyond the time limit where all is tried on a quiet machine. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    @TempDir
    private Path directory;

    @Test
    void guestsOfRandomCode_eachHaveAnOutcomeInTime() throws IOException {
        Figure figure = new Figure("guests");
        byte[] template = Images.content("controllers");
        Path image = directory.resolve("random.img");
        run(image(image, template, 0), Irqchip.KERNEL); // what a first run opens stays
        Resources before = Resources.now();
        for (int number = 0; number < Amount.of(100_000); number++) {
            long seed = SEED + number;
            Irqchip irqchip = Irqchip.values()[number % Irqchip.values().length];
            Path random = image(image, template, seed);
            figure.attempt("seed %d, %s".formatted(seed, irqchip), () -> trial(random, irqchip));
        }
        before.compareWithNow(figure);
        figure.close(outcomes.toString());
    }

    private static Path image(Path file, byte[] template, long seed) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] image = template.clone();
        RandomCode.write(random, image, RandomCode.startIn(image));
        return Files.write(file, image);
    }

    private Optional<String> trial(Path image, Irqchip irqchip) {
        long before = System.nanoTime();
        RunReport report = run(image, irqchip);
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        outcomes.merge(report.outcome(), 1, Integer::sum);
        if (report.outcome() == Outcome.HOST_UNABLE) { // a guest cannot make a call of the host fail
            return Optional.of(report.reason().orElse("no reason"));
        }
        return Amount.isFull() && took.compareTo(TIME.plus(AFTERWARDS)) > 0
                ? Optional.of("%s after %s".formatted(report.outcome(), took))
                : Optional.empty();
    }

    private static RunReport run(Path image, Irqchip irqchip) {
        ImagePlan plan = new ImagePlan(new ImageMachine(
                new BootPlan.Software(image, ImageOptions.NONE, "", Optional.empty()),
                new BootPlan.Hardware(irqchip, 1, 8 << 20, CpuModel.HOST, BootPlan.Devices.USUAL),
                OptionalInt.empty(), Situation.NONE), InterruptChoice.usual().withLine(4),
                new Moment.After(Duration.ofMillis(1)), Optional.of(TIME));
        return ImageRunExperiment.run(new ImageRunPlan(plan, Pace.oneByOne(2), true, Optional.empty()),
                new Cancellation(), RunObserver.NONE, RunTrace.none());
    }
}
