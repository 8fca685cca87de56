package dev.interject.experiment.explain;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;

/**
 * Which interrupt is explained, for which guest.
 *
 * @param guest    the name of the built-in guest or of the image's file
 * @param isImage  whether it is an image
 * @param settings what is set in the guest, as text
 * @param fault    the fault of the catalogue that is shown; empty: none
 */
public record ExplainedInterrupt(String guest, boolean isImage, Route path, Trigger trigger, List<String> settings,
        Optional<Fault> fault) {

    /** Copies the settings. */
    public ExplainedInterrupt {
        Objects.requireNonNull(guest, "guest");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(trigger, "trigger");
        settings = List.copyOf(settings);
        Objects.requireNonNull(fault, "fault");
    }

    /** Of a built-in guest. */
    public static ExplainedInterrupt of(ExplainPlan plan) {
        RunPlan run = plan.run();
        return new ExplainedInterrupt(run.effectiveGuest().label(), false, run.effectivePath(),
                run.interrupt().trigger(), run.machine().situation().texts(), plan.fault());
    }

    /** Of an image. */
    public static ExplainedInterrupt of(ImagePlan plan) {
        return new ExplainedInterrupt(plan.machine().name(), true, plan.path(), plan.interrupt().trigger(),
                plan.machine().situation().texts(), Optional.empty());
    }

    /** The same on another path. */
    ExplainedInterrupt on(Route other) {
        return new ExplainedInterrupt(guest, isImage, other, trigger, settings, fault);
    }

    /** Guest, irqchip, path, call and trigger in one line. */
    public String describe(Irqchip irqchip) {
        return "%s %s, %s".formatted(isImage ? "image" : "guest", guest, path.describe(irqchip, trigger));
    }
}
