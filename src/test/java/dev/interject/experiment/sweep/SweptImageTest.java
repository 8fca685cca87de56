package dev.interject.experiment.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.Durations;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.experiment.image.ImageMachine;
import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.image.Moment;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.image.ImageOptions;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.pc.CpuModel;
import org.junit.jupiter.api.Test;

@RequiresKvm
class SweptImageTest {

    /** Also the usual limit, which grows with the instructions. */
    @Test
    void imageThatDoesNotGetToTheStart_namesTheLimitOfTheSweep() {
        ImageMachine machine = new ImageMachine(
                new BootPlan.Software(Images.file("sleeps"), ImageOptions.NONE, "", Optional.empty()),
                new BootPlan.Hardware(Irqchip.KERNEL, 1, 8 << 20, CpuModel.HOST, BootPlan.Devices.USUAL),
                OptionalInt.empty(), Situation.NONE);
        ImagePlan image = new ImagePlan(machine, InterruptChoice.usual().withLine(4),
                new Moment.At("handler", OptionalLong.empty()), Optional.empty());
        ImageSweepPlan plan = new ImageSweepPlan(image, 7, false);

        try (SweptImage guest = new SweptImage(plan, new Cancellation(), Deadline.after(Duration.ofMillis(1)))) {
            assertThatExceptionOfType(EndedEarlyException.class).isThrownBy(guest::runToStart)
                    .satisfies(early -> assertThat(early.ending().reason().orElseThrow())
                            .startsWith("the time of %s was up".formatted(
                                    Durations.format(SweepPlan.usualTimeout(7)))));
        }
    }
}
