package dev.interject.experiment.plan;

import static dev.interject.experiment.InvalidValueException.requireWithin;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

import dev.interject.experiment.InvalidValueException;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteParameter;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Lapic;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;

/**
 * The interrupt of a run.
 *
 * @param path    empty: one that the guest is set up for; {@code msi} where an address or data is given, {@code
 *                ipi} where an ICR is; otherwise {@code line}
 *                with irqchip kernel, and {@code vector} with the others and wherever a vector is given
 * @param lines   pulled one after the other, in this order and as often as they are listed; empty: a free one is picked
 * @param vector  a vector instead of a line, or the vector of a message or IPI; 0 to 255
 * @param message what a message or an IPI consists of, where the plan does not leave that open
 */
public record InterruptChoice(Optional<Route> path, List<Integer> lines, OptionalInt vector, MessageChoice message,
        Trigger trigger) {

    private static final int LAST_VECTOR = 255;
    /** Where a message arrives unless the plan says otherwise: no vector of an 8259 or of an IOAPIC pin. */
    private static final int MESSAGE_VECTOR = 0x50;

    /** @throws IllegalArgumentException where a value is out of its range, or two exclude each other */
    public InterruptChoice {
        requireNonNull(path, "path");
        requireNonNull(message, "message");
        requireNonNull(trigger, "trigger");
        lines = List.copyOf(requireNonNull(lines, "lines"));
        requireNonNull(vector, "vector").ifPresent(number -> requireWithin("vector", number, 0, LAST_VECTOR));
        if (lines.stream().anyMatch(line -> line < 0)) {
            throw new IllegalArgumentException("lines are numbered from 0, and these are " + lines);
        }
        if (vector.isPresent() && !lines.isEmpty()) {
            throw new IllegalArgumentException(
                    "a vector and lines exclude each other: a vector given by number has no line");
        }
        if (vector.isPresent() && (message.data().isPresent() || message.icr().isPresent())) {
            throw new IllegalArgumentException("a vector excludes a message's data and an ICR, which contain one");
        }
        if (vector.isPresent() && trigger == Trigger.LEVEL) {
            throw new IllegalArgumentException(
                    "a vector and a level trigger exclude each other: only a line has a level");
        }
    }

    /** What suits the machine: the usual path of its guest, and a free line if that pulls one. */
    public static InterruptChoice usual() {
        return new InterruptChoice(Optional.empty(), List.of(), OptionalInt.empty(), MessageChoice.usual(),
                Trigger.EDGE);
    }

    /** An interrupt that takes a path. */
    public static InterruptChoice by(Route path) {
        return new InterruptChoice(Optional.of(path), List.of(), OptionalInt.empty(), MessageChoice.usual(),
                Trigger.EDGE);
    }

    /** The same with a line. */
    public InterruptChoice withLine(int line) {
        return new InterruptChoice(path, List.of(line), vector, message, trigger);
    }

    /** The same with a vector that is given by number. */
    public InterruptChoice withVector(int number) {
        return new InterruptChoice(path, lines, OptionalInt.of(number), message, trigger);
    }

    /** The same with the address of a message. */
    public InterruptChoice withAddress(int bits) {
        return with(new MessageChoice(OptionalInt.of(bits), message.data(), message.icr()));
    }

    /** The same with this message or IPI. */
    public InterruptChoice with(MessageChoice other) {
        return new InterruptChoice(path, lines, vector, other, trigger);
    }

    /** The same with another trigger. */
    public InterruptChoice withTrigger(Trigger other) {
        return new InterruptChoice(path, lines, vector, message, other);
    }

    /** The path that is given, or that an ICR or a message implies; empty if it depends on the machine. */
    public Optional<Route> impliedPath() {
        return path.isPresent() ? path
                : message.icr().isPresent() ? Optional.of(Route.IPI)
                        : message.address().isPresent() || message.data().isPresent() ? Optional.of(Route.MSI)
                                : Optional.empty();
    }

    /**
     * Checks that the path takes what is given: a parameter that it ignored would show what is not there.
     *
     * @throws IllegalArgumentException if it does not
     */
    public void requireTakenBy(Route taken) {
        requireTaken(taken, RouteParameter.VECTOR, vector.isPresent());
        requireTaken(taken, RouteParameter.ADDRESS, message.address().isPresent());
        requireTaken(taken, RouteParameter.DATA, message.data().isPresent());
        requireTaken(taken, RouteParameter.ICR, message.icr().isPresent());
        requireTaken(taken, RouteParameter.LINE, !lines.isEmpty());
        requireTaken(taken, RouteParameter.LEVEL, trigger == Trigger.LEVEL);
    }

    private static void requireTaken(Route path, RouteParameter parameter, boolean given) {
        if (given && !path.takes(parameter)) {
            throw new IllegalArgumentException("path %s does not take %s; these do: %s".formatted(path,
                    parameter.phrase(),
                    Route.taking(parameter).stream().map(Route::label).collect(Collectors.joining(", "))));
        }
    }

    /** The injection of this interrupt on a path, with everything decided. */
    public ResolvedInjection injection(Route taken, int line, Receiver receiver) {
        int target = receiver.to().orElseGet(() -> message.addressed(receiver.vcpus()));
        MsiMessage standard = MsiMessage.fixed(target, vector.orElse(MESSAGE_VECTOR));
        MsiMessage sent = new MsiMessage(message.address().orElse(standard.address()),
                message.data().orElse(standard.data()));
        return new ResolvedInjection(receiver.irqchip(), taken, target, line, vector, sent,
                icr(receiver.isX2apic(), target), trigger, receiver.takesNmis());
    }

    /** The path on an irqchip, for a guest that no path is usual for. */
    public Route pathOn(Irqchip irqchip) {
        return impliedPath().orElseGet(() -> irqchip == Irqchip.USERSPACE ? Route.VECTOR
                : vector.isPresent() ? Route.MSI : Route.LINE);
    }

    /** The path in a state: with irqchip split a line of the 8259s leads there while the IOAPIC's pin is masked. */
    public Route pathIn(GuestState state) {
        boolean isOpen = impliedPath().isEmpty() && !lines.isEmpty() && IsaLine.exists(lines.getFirst())
                && state.irqchip() == Irqchip.SPLIT;
        return isOpen && isMasked(state, lines.getFirst()) ? Route.VECTOR : pathOn(state.irqchip());
    }

    private static boolean isMasked(GuestState state, int pin) {
        return !state.lacks(Piece.IOAPIC) && state.controllers()
                .ioapic()
                .filter(ioapic -> pin < ioapic.entries().size() && ioapic.entries().get(pin).isMasked())
                .isPresent();
    }

    /**
     * The injection of this interrupt in a state.
     *
     * @param  to                       the target vCPU; empty: whom it is addressed to
     * @param  takesNmis                whether the guest's handler of vector 2 is one for NMIs
     * @throws IllegalArgumentException if the ICR that is given has bits that the guest's mode does not have
     */
    public ResolvedInjection injectionIn(GuestState state, OptionalInt to, boolean takesNmis) {
        Route taken = pathIn(state);
        int line = taken.fixedLine().orElse(lines.isEmpty() ? 0 : lines.getFirst());
        boolean isX2apic = state.lapics().stream().findFirst().map(Lapic::isX2apic).orElse(false);
        return injection(taken, line, new Receiver(state.irqchip(), state.vcpus(), to, isX2apic, takesNmis));
    }

    /**
     * Checks that it can be explained for a guest whose lines are not known.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public void requireOneOn(Irqchip irqchip) {
        Route path = pathOn(irqchip);
        requireTakenBy(path);
        if (lines.size() > 1) {
            throw new InvalidValueException("irq", "takes one line here, not " + lines.size());
        }
        if (lines.isEmpty() && vector.isEmpty() && path.takes(RouteParameter.LINE)) {
            throw new InvalidValueException("irq",
                    "must be given, or a vector, or a path without a line");
        }
    }

    /**
     * What is written to the ICR.
     *
     * @throws IllegalArgumentException if the ICR that is given has bits that this mode does not have
     */
    Icr icr(boolean isX2apic, int target) {
        return message.icr().isPresent() ? new Icr(message.icr().getAsLong(), isX2apic)
                : Icr.fixed(target, vector.orElse(MESSAGE_VECTOR), isX2apic);
    }
}
