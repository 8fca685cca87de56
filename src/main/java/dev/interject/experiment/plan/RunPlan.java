package dev.interject.experiment.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.machine.MachinePlan;

/** What a run is to do. What a plan leaves open is decided as {@code interject run} does. */
public record RunPlan(MachineChoice machine, InterruptChoice interrupt, Pace pace, Conduct conduct) {

    private static final Duration TIMEOUT_BASE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration TIMEOUT_PER_INTERRUPT = Duration.ofMillis(5);
    private static final int STANDARD_COUNT = 5;

    /** @throws IllegalArgumentException if the path does not take what is given for the interrupt */
    public RunPlan {
        requireNonNull(machine, "machine");
        requireNonNull(interrupt, "interrupt");
        requireNonNull(pace, "pace");
        requireNonNull(conduct, "conduct");
        Route path = path(machine, interrupt);
        interrupt.requireTakenBy(path);
        interrupt.icr(isX2apic(machine, path), 0); // checks its bits
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
        return interrupt.impliedPath().orElseGet(() -> usualPath(machine, interrupt));
    }

    private static Route usualPath(MachineChoice machine, InterruptChoice interrupt) {
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
        Route path = effectivePath();
        OptionalInt fixed = path.fixedLine();
        List<Integer> pulled = fixed.isPresent() ? List.of(fixed.getAsInt())
                : interrupt.lines().isEmpty() ? List.of(choice.pickFree()) : interrupt.lines();
        Receiver receiver = new Receiver(machine.irqchip(), machine.vcpus(), machine.to(), isX2apic(machine, path),
                effectiveGuest().handles(GuestInput.NMI));
        return pulled.stream().map(line -> interrupt.injection(path, line, receiver)).toList();
    }

    private static boolean isX2apic(MachineChoice machine, Route path) {
        return guest(machine, path) == BuiltinGuest.X2APIC;
    }

    /** The machine that the plan needs. */
    public MachinePlan machinePlan(List<ResolvedInjection> targets) {
        return MachinePlan.of(effectiveGuest(), machine.irqchip(), new BootParameters(
                targets.stream().map(ResolvedInjection::line).collect(Collectors.toSet()), interrupt.trigger(),
                targets.getFirst().vcpu(), machine.vcpus()));
    }

    /** Guest, irqchip, path, call and trigger in one line. */
    public String describe(Irqchip irqchip) {
        return "guest %s, %s".formatted(effectiveGuest(), effectivePath().describe(irqchip, interrupt.trigger()));
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
