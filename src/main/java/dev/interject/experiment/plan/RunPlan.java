package dev.interject.experiment.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteParameter;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.MachinePlan;

/** What a run is to do. What a plan leaves open is decided as {@code interject run} does. */
public record RunPlan(MachineChoice machine, InterruptChoice interrupt, Pace pace, Conduct conduct) {

    private static final Duration TIMEOUT_BASE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration TIMEOUT_PER_INTERRUPT = Duration.ofMillis(5);
    private static final int STANDARD_COUNT = 5;

    /** Where a message arrives unless the plan says otherwise: no vector of an 8259 or of an IOAPIC pin. */
    private static final int MESSAGE_VECTOR = 0x50;

    /** @throws IllegalArgumentException if the path does not take what is given for the interrupt */
    public RunPlan {
        requireNonNull(machine, "machine");
        requireNonNull(interrupt, "interrupt");
        requireNonNull(pace, "pace");
        requireNonNull(conduct, "conduct");
        Route path = path(machine, interrupt);
        requireTaken(path, RouteParameter.VECTOR, interrupt.vector().isPresent());
        requireTaken(path, RouteParameter.ADDRESS, interrupt.message().address().isPresent());
        requireTaken(path, RouteParameter.DATA, interrupt.message().data().isPresent());
        requireTaken(path, RouteParameter.ICR, interrupt.message().icr().isPresent());
        icr(machine, interrupt, path, 0); // checks its bits
        requireTaken(path, RouteParameter.LINE, !interrupt.lines().isEmpty());
        requireTaken(path, RouteParameter.LEVEL, interrupt.trigger() == Trigger.LEVEL);
    }

    /** A parameter that the path ignored would show the user something that is not there. */
    private static void requireTaken(Route path, RouteParameter parameter, boolean given) {
        if (given && !path.takes(parameter)) {
            throw new IllegalArgumentException("path %s does not take %s; these do: %s".formatted(path,
                    parameter.phrase(),
                    Route.taking(parameter).stream().map(Route::label).collect(Collectors.joining(", "))));
        }
    }

    /** Five interrupts of the usual kind. */
    public static RunPlan on(MachineChoice machine) {
        return new RunPlan(machine, InterruptChoice.usual(), Pace.oneByOne(STANDARD_COUNT),
                Conduct.within(Optional.empty()));
    }

    /** Five interrupts of the usual kind, to the guest that suits them. */
    public static RunPlan on(Irqchip irqchip) {
        return on(MachineChoice.of(irqchip));
    }

    /** The same with something else set in the guest before the first interrupt. */
    public RunPlan with(Situation situation) {
        return new RunPlan(machine.with(situation), interrupt, pace, conduct);
    }

    /** The same with another interrupt. */
    public RunPlan with(InterruptChoice other) {
        return new RunPlan(machine, other, pace, conduct);
    }

    /** The same at another pace. */
    public RunPlan with(Pace other) {
        return new RunPlan(machine, interrupt, other, conduct);
    }

    /** The same, ended by the watchdog after the given time, or after the usual time. */
    public RunPlan withTimeout(Optional<Duration> timeout) {
        return new RunPlan(machine, interrupt, pace, new Conduct(timeout, conduct.force(), conduct.await()));
    }

    /** The path taken. */
    public Route effectivePath() {
        return path(machine, interrupt);
    }

    private static Route path(MachineChoice machine, InterruptChoice interrupt) {
        return interrupt.path().orElseGet(() -> usualPath(machine, interrupt));
    }

    private static Route usualPath(MachineChoice machine, InterruptChoice interrupt) {
        MessageChoice message = interrupt.message();
        if (message.icr().isPresent()) {
            return Route.IPI;
        }
        if (message.address().isPresent() || message.data().isPresent()) {
            return Route.MSI;
        }
        boolean byNumber = interrupt.vector().isPresent();
        boolean line = !byNumber && (machine.irqchip() == Irqchip.KERNEL || machine.vcpus() > 1);
        Route usual = line ? Route.LINE : Route.VECTOR;
        return machine.guest()
                .filter(booted -> !usual.supports(booted))
                .map(booted -> byNumber && Route.MSI.supports(booted) ? Route.MSI : Route.of(booted).getFirst())
                .orElse(usual);
    }

    /** Whether the situation says how the timer of the path is programmed, so that the guest does not program it. */
    public boolean isTimerSet() {
        return effectivePath().isTimer() && machine.situation().setsTimerOf(effectivePath());
    }

    /** The guest booted. */
    public BuiltinGuest effectiveGuest() {
        return guest(machine, effectivePath());
    }

    private static BuiltinGuest guest(MachineChoice machine, Route path) {
        return machine.guest().orElseGet(() -> path.defaultGuest(machine.irqchip(), machine.vcpus()));
    }

    /**
     * What is injected, with everything decided: one injection for each line that the plan lists, in its order and as
     * often, or a single one.
     */
    public List<ResolvedInjection> injections(LineChoice choice) {
        int target = machine.to().orElseGet(this::addressed);
        MsiMessage standard = MsiMessage.fixed(target, interrupt.vector().orElse(MESSAGE_VECTOR));
        MsiMessage message = new MsiMessage(interrupt.message().address().orElse(standard.address()),
                interrupt.message().data().orElse(standard.data()));
        Icr icr = icr(machine, interrupt, effectivePath(), target);
        OptionalInt fixed = effectivePath().fixedLine();
        List<Integer> pulled = fixed.isPresent() ? List.of(fixed.getAsInt())
                : interrupt.lines().isEmpty() ? List.of(choice.pickFree()) : interrupt.lines();
        return pulled.stream()
                .map(line -> new ResolvedInjection(machine.irqchip(), effectivePath(), target, line,
                        interrupt.vector(), message, icr, interrupt.trigger(),
                        effectiveGuest().handles(GuestInput.NMI)))
                .toList();
    }

    private static Icr icr(MachineChoice machine, InterruptChoice interrupt, Route path, int target) {
        boolean isX2apic = guest(machine, path) == BuiltinGuest.X2APIC;
        OptionalLong whole = interrupt.message().icr();
        return whole.isPresent() ? new Icr(whole.getAsLong(), isX2apic)
                : Icr.fixed(target, interrupt.vector().orElse(MESSAGE_VECTOR), isX2apic);
    }

    /** The vCPU that the address names, if there is one with that APIC ID; otherwise the first. */
    private int addressed() {
        return interrupt.message()
                .address()
                .stream()
                .mapToObj(bits -> new MsiMessage(bits, 0))
                .filter(message -> !message.isLogical() && message.destination() < machine.vcpus())
                .mapToInt(MsiMessage::destination)
                .findFirst()
                .orElse(0);
    }

    /** The machine that the plan needs. */
    public MachinePlan machinePlan(List<ResolvedInjection> targets) {
        return MachinePlan.of(effectiveGuest(), machine.irqchip(), new BootParameters(
                targets.stream().map(ResolvedInjection::line).collect(Collectors.toSet()), interrupt.trigger(),
                targets.getFirst().vcpu(), machine.vcpus()));
    }

    /** Guest, irqchip, path, call and trigger in one line. */
    public String describe(Irqchip irqchip) {
        return "guest %s, irqchip %s, path %s (%s), %s".formatted(effectiveGuest(), irqchip, effectivePath(),
                effectivePath().request(irqchip), interrupt.trigger());
    }

    /** How many interrupts. */
    public int count() {
        return pace.count();
    }

    /** The watchdog's time for the whole run. */
    public Duration effectiveTimeout() {
        Duration each = TIMEOUT_PER_INTERRUPT.plus(pace.interval());
        Duration clocked = pace.rate().isPresent()
                ? Duration.ofSeconds(pace.count()).dividedBy(pace.rate().getAsInt())
                : Duration.ZERO;
        Duration grown = TIMEOUT_BASE.plus(each.multipliedBy(pace.count())).plus(clocked);
        return conduct.timeout().orElse(grown.compareTo(LONGEST) < 0 ? grown : LONGEST);
    }
}
