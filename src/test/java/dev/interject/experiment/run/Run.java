package dev.interject.experiment.run;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;

/** A run plan under construction, for tests; the defaults are those of {@link RunPlan#standard()}. */
public final class Run {

    private final RunPlan.Builder plan;
    private int count = 5;
    private Duration interval = Duration.ZERO;
    private int burst = 1;
    private OptionalInt rate = OptionalInt.empty();
    private int threads = 1;
    private int hold = 1;

    private Run(Irqchip irqchip) {
        this.plan = RunPlan.on(irqchip);
    }

    public static Run on(Irqchip irqchip) {
        return new Run(irqchip);
    }

    public Run guest(BuiltinGuest value) {
        plan.guest(value);
        return this;
    }

    public Run path(Route value) {
        plan.path(value);
        return this;
    }

    Run line(int value) {
        return lines(value);
    }

    Run lines(Integer... values) {
        plan.lines(Arrays.asList(values));
        return this;
    }

    public Run vector(int value) {
        plan.vector(OptionalInt.of(value));
        return this;
    }

    Run address(int value) {
        plan.address(OptionalInt.of(value));
        return this;
    }

    public Run trigger(Trigger value) {
        plan.trigger(value);
        return this;
    }

    public Run vcpus(int value) {
        plan.vcpus(value);
        return this;
    }

    public Run to(int value) {
        plan.to(OptionalInt.of(value));
        return this;
    }

    public Run count(int value) {
        count = value;
        return this;
    }

    public Run interval(Duration value) {
        interval = value;
        return this;
    }

    public Run burst(int value) {
        burst = value;
        return this;
    }

    Run rate(int value) {
        rate = OptionalInt.of(value);
        return this;
    }

    public Run threads(int value) {
        threads = value;
        return this;
    }

    Run hold(int value) {
        hold = value;
        return this;
    }

    public Run timeout(Duration value) {
        plan.timeout(Optional.of(value));
        return this;
    }

    public Run force() {
        plan.force(true);
        return this;
    }

    Run await() {
        plan.await(true);
        return this;
    }

    public RunPlan plan() {
        return plan.pace(new Pace(count, interval, burst, rate, threads, hold)).build();
    }

    RunReport report() {
        return report(new Cancellation());
    }

    RunReport report(Cancellation cancellation) {
        return RunExperiment.run(plan(), cancellation, RunObserver.NONE, RunTrace.none());
    }
}
