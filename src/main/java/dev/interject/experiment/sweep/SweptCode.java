package dev.interject.experiment.sweep;

import java.util.List;
import java.util.Objects;

import dev.interject.experiment.image.ImagePlan;

/**
 * The stretch of guest code that a sweep goes through.
 *
 * @param guest    the name of the built-in guest or of the image's file
 * @param isImage  whether it is an image
 * @param settings what is set in the guest before each injection, as text
 * @param from     the symbol or the address at which it begins
 * @param count    how many instructions it has at most
 */
public record SweptCode(String guest, boolean isImage, List<String> settings, String from, int count) {

    /** Copies the settings. */
    public SweptCode {
        Objects.requireNonNull(guest, "guest");
        Objects.requireNonNull(from, "from");
        settings = List.copyOf(settings);
    }

    static SweptCode of(SweepPlan plan) {
        return new SweptCode(plan.run().effectiveGuest().label(), false,
                plan.run().machine().situation().texts(), plan.from(), plan.count());
    }

    static SweptCode of(ImageSweepPlan plan) {
        ImagePlan image = plan.image();
        return new SweptCode(image.machine().name(), true, image.machine().situation().texts(), plan.from(),
                plan.count());
    }
}
