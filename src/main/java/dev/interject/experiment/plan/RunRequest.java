package dev.interject.experiment.plan;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;

/**
 * What was to be injected, and into which guest.
 *
 * @param guest    the name of the built-in guest or of the image's file
 * @param builtin  the built-in guest; empty for an image
 * @param settings what is set in the guest, as text
 */
public record RunRequest(String guest, Optional<BuiltinGuest> builtin, Route path, InterruptChoice interrupt,
        int vcpus, List<String> settings, Pace pace) {

    /** Copies the settings. */
    public RunRequest {
        Objects.requireNonNull(guest, "guest");
        Objects.requireNonNull(builtin, "builtin");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(interrupt, "interrupt");
        settings = List.copyOf(settings);
        Objects.requireNonNull(pace, "pace");
    }

    /** Of a built-in guest. */
    public static RunRequest of(RunPlan plan) {
        return new RunRequest(plan.effectiveGuest().label(), Optional.of(plan.effectiveGuest()), plan.effectivePath(),
                plan.interrupt(), plan.machine().vcpus(), plan.machine().situation().texts(), plan.pace());
    }

    /** The same on another path. */
    public RunRequest on(Route other) {
        return new RunRequest(guest, builtin, other, interrupt, vcpus, settings, pace);
    }

    /** Whether the guest is an image of the user's. */
    public boolean isImage() {
        return builtin.isEmpty();
    }

    /** "guest" or "image", and its name. */
    public String subject() {
        return (isImage() ? "image " : "guest ") + guest;
    }

    /** Guest, irqchip, path, call and trigger in one line. */
    public String describe(Irqchip irqchip) {
        return "%s, %s".formatted(subject(), path.describe(irqchip, interrupt.trigger()));
    }

    /** How many interrupts. */
    public int count() {
        return pace.count();
    }
}
