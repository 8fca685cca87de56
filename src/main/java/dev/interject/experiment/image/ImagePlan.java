package dev.interject.experiment.image;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.Receiver;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteParameter;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Lapic;

/**
 * An interrupt of a user's image, and when it is looked at.
 *
 * @param timeout how long the guest may take to the moment; empty: 10 s
 */
public record ImagePlan(ImageMachine machine, InterruptChoice interrupt, Moment moment, Optional<Duration> timeout) {

    private static final Duration STANDARD_TIMEOUT = Duration.ofSeconds(10);
    private static final int NO_LINE = 0;

    /**
     * Checks the interrupt.
     *
     * @throws IllegalArgumentException if it is none, or one that the path does not take
     */
    public ImagePlan {
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(moment, "moment");
        if (timeout.isPresent() && !timeout.get().isPositive()) {
            throw new InvalidValueException("timeout", "must be above 0");
        }
        Route path = path(machine, interrupt);
        interrupt.requireTakenBy(path);
        List<Integer> lines = interrupt.lines();
        if (lines.size() > 1) {
            throw new InvalidValueException("irq", "takes one line here, not " + lines.size());
        }
        if (lines.isEmpty() && interrupt.vector().isEmpty() && path.takes(RouteParameter.LINE)) {
            throw new InvalidValueException("irq",
                    "must be given for an image, or a vector, or a path without a line");
        }
    }

    /** The path; with irqchip split, a line's leads through the IOAPIC unless its pin is masked at the moment. */
    public Route path() {
        return path(machine, interrupt);
    }

    private static Route path(ImageMachine machine, InterruptChoice interrupt) {
        boolean isInUserspace = machine.hardware().irqchip() == Irqchip.USERSPACE;
        return interrupt.impliedPath()
                .orElseGet(() -> isInUserspace ? Route.VECTOR
                        : interrupt.vector().isPresent() ? Route.MSI : Route.LINE);
    }

    /** The path in a state: with irqchip split a line leads through the 8259s while the IOAPIC's pin is masked. */
    private Route path(GuestState state) {
        boolean isOpen = interrupt.impliedPath().isEmpty() && !interrupt.lines().isEmpty()
                && state.irqchip() == Irqchip.SPLIT;
        return isOpen && isMasked(state, interrupt.lines().getFirst()) ? Route.VECTOR : path();
    }

    private static boolean isMasked(GuestState state, int pin) {
        return state.controllers()
                .ioapic()
                .filter(ioapic -> pin < ioapic.entries().size() && ioapic.entries().get(pin).isMasked())
                .isPresent();
    }

    /**
     * The injection, with everything decided.
     *
     * @param  state                of any vCPU of the guest
     * @throws EndedEarlyException if the guest's mode does not have the interrupt
     */
    public ResolvedInjection injection(GuestState state) {
        Route path = path(state);
        int line = path.fixedLine().orElse(interrupt.lines().isEmpty() ? NO_LINE : interrupt.lines().getFirst());
        boolean isX2apic = state.lapics().stream().findFirst().map(Lapic::isX2apic).orElse(false);
        try {
            return interrupt.injection(path, line, new Receiver(state.irqchip(), machine.hardware().vcpus(),
                    machine.to(), isX2apic, true));
        } catch (IllegalArgumentException wrong) {
            throw new EndedEarlyException(Outcome.REFUSED, wrong.getMessage());
        }
    }

    /** Why it cannot be carried out; empty if it may be tried. */
    public Optional<String> refusal() {
        Route path = path();
        return machine.refusal()
                .or(() -> path.isTimer() ? path.refusalOn(machine.hardware().irqchip()) : Optional.empty())
                .or(() -> path.isQueuedInUserSpace() && machine.to().orElse(0) > 0
                        ? Optional.of("path %s leads to vCPU 0 only".formatted(path))
                        : Optional.empty());
    }

    /** The same with a time limit. */
    public ImagePlan within(Duration limit) {
        return new ImagePlan(machine, interrupt, moment, Optional.of(limit));
    }

    /** The time limit. */
    public Duration effectiveTimeout() {
        return timeout.orElseGet(() -> STANDARD_TIMEOUT.plus(moment.runs()));
    }
}
