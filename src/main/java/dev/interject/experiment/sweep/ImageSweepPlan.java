package dev.interject.experiment.sweep;

import static dev.interject.experiment.InvalidValueException.requireWithin;

import java.time.Duration;

import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.image.Moment;

/**
 * A sweep through code of a user's image, which is booted again for each instruction.
 *
 * @param image   the interrupt; its moment is the place where the stretch begins, its timeout that of the whole sweep
 * @param count   how many instructions it has, in the order of execution, 1 to 1000
 * @param handler whether an interrupt is already pending at the beginning, so that the stretch includes its handler
 */
public record ImageSweepPlan(ImagePlan image, int count, boolean handler) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range, or the moment is no place
     */
    public ImageSweepPlan {
        requireWithin("count", count, 1, SweepPlan.MOST_INSTRUCTIONS);
        if (!(image.moment() instanceof Moment.At)) {
            throw new IllegalArgumentException("a sweep begins at a symbol or an address");
        }
    }

    /** The time limit of the whole sweep. */
    Duration effectiveTimeout() {
        return image.timeout().orElseGet(() -> SweepPlan.usualTimeout(count));
    }

    /** Where the stretch begins. */
    String from() {
        return image.moment() instanceof Moment.At(String name, var _) ? name : "";
    }
}
