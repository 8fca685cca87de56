package dev.interject.experiment.image;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.boot.BootPlan;
import dev.interject.experiment.setting.Situation;

/**
 * A PC with a user's image.
 *
 * @param software  what is loaded
 * @param hardware  the PC around it
 * @param to        the target vCPU; empty: the one that the interrupt is addressed to
 * @param situation what is set in the guest at the moment
 */
public record ImageMachine(BootPlan.Software software, BootPlan.Hardware hardware, OptionalInt to,
        Situation situation) {

    /**
     * Checks the target.
     *
     * @throws InvalidValueException if there is no such vCPU
     */
    public ImageMachine {
        Objects.requireNonNull(software, "software");
        Objects.requireNonNull(hardware, "hardware");
        Objects.requireNonNull(situation, "situation");
        if (to.isPresent()) {
            InvalidValueException.requireWithin("to", to.getAsInt(), 0, hardware.vcpus() - 1);
        }
    }

    /** Why it cannot be brought into its situation; empty if it may be tried. */
    Optional<String> refusal() {
        return situation.refusalOn(hardware.irqchip(), hardware.vcpus());
    }

    /** The image's file name. */
    public String name() {
        return String.valueOf(software.image().getFileName());
    }
}
