package dev.interject.experiment.explain;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;

/**
 * Which interrupt is explained, for which guest.
 *
 * @param guest    the name of the built-in guest, of the image's file or of the state's, or QEMU's socket
 * @param subject  which of these it is
 * @param settings what is set in the guest, as text
 * @param fault    the fault of the catalogue that is shown; empty: none
 */
public record ExplainedInterrupt(String guest, Subject subject, Route path, Trigger trigger, List<String> settings,
        Optional<Fault> fault) {

    /** Whose interrupt is explained. */
    public enum Subject {
        /** That of a built-in guest. */
        GUEST,
        /** That of an image of the user's. */
        IMAGE,
        /** That of a machine whose state was written down. */
        STATE,
        /** That of a VM that runs under QEMU. */
        QEMU;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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
        return new ExplainedInterrupt(run.effectiveGuest().label(), Subject.GUEST, run.effectivePath(),
                run.interrupt().trigger(), run.machine().situation().texts(), plan.fault());
    }

    /** Of an image. */
    public static ExplainedInterrupt of(ImagePlan plan) {
        return new ExplainedInterrupt(plan.machine().name(), Subject.IMAGE, plan.path(), plan.interrupt().trigger(),
                plan.machine().situation().texts(), Optional.empty());
    }

    /** Of a state. */
    static ExplainedInterrupt of(StatePlan plan) {
        return new ExplainedInterrupt(plan.name(), plan.subject(), plan.path(), plan.interrupt().trigger(), List.of(),
                Optional.empty());
    }

    /** The same on another path. */
    ExplainedInterrupt on(Route other) {
        return new ExplainedInterrupt(guest, subject, other, trigger, settings, fault);
    }

    /** Guest, irqchip, path, call and trigger in one line. */
    public String describe(GuestState state) {
        String described = path.describe(state.irqchip(), trigger);
        return "%s %s, %s".formatted(subject, guest, state.lacks(Piece.IRQCHIP)
                ? described.replaceFirst("^irqchip \\w+", "an unknown irqchip")
                : described);
    }
}
