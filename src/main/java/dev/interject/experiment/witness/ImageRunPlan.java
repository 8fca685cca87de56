package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunRequest;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.Witness;

/**
 * Interrupts for a user's image.
 *
 * @param image   the guest, the interrupt, and when the first is injected
 * @param pace    how many, one after the other
 * @param force   inject even where the gates say that the guest would break
 * @param witness who is to see what is taken; empty: the best that there is
 */
public record ImageRunPlan(ImagePlan image, Pace pace, boolean force, Optional<Witness> witness) {

    /** For each: the guest is stopped and looked at several times. */
    private static final Duration EACH = Duration.ofMillis(50);

    /**
     * Checks the pace.
     *
     * @throws InvalidValueException if it is not one after the other
     */
    public ImageRunPlan {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(witness, "witness");
        if (pace.isStorm() || pace.hold() > 1) {
            throw new IllegalArgumentException(
                    "an image gets its interrupts one after the other: neither a burst, a rate nor a hold");
        }
        if (witness.filter(who -> who == Witness.GUEST || who == Witness.NONE).isPresent()) {
            throw new InvalidValueException("witness", "must be breakpoint, controllers or counters for an image");
        }
    }

    /** Why it cannot be carried out; empty if it may be tried. */
    Optional<String> refusal() {
        return image.path().isRaisedByGuest()
                ? Optional.of("path %s is raised by the guest itself, which an image does by itself"
                        .formatted(image.path()))
                : image.refusal().or(() -> image.path().refusalOn(image.machine().hardware().irqchip()));
    }

    /** The same with the time limit of the whole run. */
    ImagePlan limited() {
        return image.within(effectiveTimeout());
    }

    /** The watchdog's time for the whole run. */
    public Duration effectiveTimeout() {
        return image.timeout()
                .orElseGet(() -> image.effectiveTimeout()
                        .plus(EACH.plus(pace.interval()).multipliedBy(pace.count())));
    }

    /** The report of a run for which this host could not make a machine. */
    public RunReport hostUnable(String reason) {
        return RunReport.hostUnable(request(), image.machine().hardware().irqchip(), reason);
    }

    /** What the report shows of it. */
    public RunRequest request() {
        return new RunRequest(image.machine().name(), Optional.empty(), image.path(), image.interrupt(),
                image.machine().hardware().vcpus(), image.machine().situation().texts(), pace);
    }
}
