package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.Cancellation;
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
import dev.interject.guest.image.ImageOptions;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Witness;
import dev.interject.machine.pc.CpuModel;

/** Plans and runs of the test images. */
public record ImageRuns(String image, Irqchip irqchip, InterruptChoice interrupt, Moment moment, int count,
        Optional<Witness> witness, Situation situation, Optional<Duration> timeout) {

    /** A busy or an emulated host is slow; a run that never ends sets its own limit. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    public static ImageRuns of(String image, Irqchip irqchip, InterruptChoice interrupt) {
        return new ImageRuns(image, irqchip, interrupt, new Moment.WhenOpen(), 5, Optional.empty(), Situation.NONE,
                Optional.of(PATIENCE));
    }

    static ImageRuns ofLine(String image, Irqchip irqchip, int line) {
        return of(image, irqchip, InterruptChoice.usual().withLine(line));
    }

    public ImageRuns at(Moment other) {
        return new ImageRuns(image, irqchip, interrupt, other, count, witness, situation, timeout);
    }

    public ImageRuns count(int other) {
        return new ImageRuns(image, irqchip, interrupt, moment, other, witness, situation, timeout);
    }

    ImageRuns seenBy(Witness who) {
        return new ImageRuns(image, irqchip, interrupt, moment, count, Optional.of(who), situation, timeout);
    }

    public ImageRuns set(String... settings) {
        return new ImageRuns(image, irqchip, interrupt, moment, count, witness, Situation.of(settings), timeout);
    }

    ImageRuns within(Duration time) {
        return new ImageRuns(image, irqchip, interrupt, moment, count, witness, situation, Optional.of(time));
    }

    ImagePlan plan() {
        return new ImagePlan(new ImageMachine(
                new BootPlan.Software(Images.file(image), ImageOptions.NONE, "", Optional.empty()),
                new BootPlan.Hardware(irqchip, 1, 8 << 20, CpuModel.HOST, BootPlan.Devices.USUAL),
                OptionalInt.empty(), situation), interrupt, moment, timeout);
    }

    RunReport run() {
        return run(false);
    }

    RunReport run(boolean force) {
        return ImageRunExperiment.run(new ImageRunPlan(plan(), Pace.oneByOne(count), force, witness),
                new Cancellation(), RunObserver.NONE, RunTrace.none());
    }
}
