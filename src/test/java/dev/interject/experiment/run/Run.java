package dev.interject.experiment.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;

import dev.interject.Hang;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.MessageChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;

/**
 * A run plan under construction, for tests. The defaults are those of {@link RunPlan#on(Irqchip)}, except for the time
 * limit: no host is too slow.
 */
public final class Run {

    private static final Duration FIRST_TIMEOUT = Duration.ofSeconds(1);

    private final Irqchip irqchip;
    private Optional<BuiltinGuest> guest = Optional.empty();
    private Optional<Route> path = Optional.empty();
    private List<Integer> lines = List.of();
    private OptionalInt vector = OptionalInt.empty();
    private OptionalInt address = OptionalInt.empty();
    private OptionalInt data = OptionalInt.empty();
    private Situation situation = Situation.NONE;
    private Trigger trigger = Trigger.EDGE;
    private int vcpus = 1;
    private OptionalInt to = OptionalInt.empty();
    private Optional<Duration> timeout = Optional.of(Hang.AFTER);
    private boolean force;
    private boolean await;
    private int count = 5;
    private Duration interval = Duration.ZERO;
    private int burst = 1;
    private OptionalInt rate = OptionalInt.empty();
    private int threads = 1;
    private int hold = 1;

    private Run(Irqchip irqchip) {
        this.irqchip = irqchip;
    }

    public static Run on(Irqchip irqchip) {
        return new Run(irqchip);
    }

    public Run guest(BuiltinGuest value) {
        guest = Optional.of(value);
        return this;
    }

    public Run path(Route value) {
        path = Optional.of(value);
        return this;
    }

    Run line(int value) {
        return lines(value);
    }

    Run lines(Integer... values) {
        lines = List.of(values);
        return this;
    }

    public Run vector(int value) {
        vector = OptionalInt.of(value);
        return this;
    }

    Run address(int value) {
        address = OptionalInt.of(value);
        return this;
    }

    Run data(int value) {
        data = OptionalInt.of(value);
        return this;
    }

    Run with(Situation value) {
        situation = value;
        return this;
    }

    public Run trigger(Trigger value) {
        trigger = value;
        return this;
    }

    public Run vcpus(int value) {
        vcpus = value;
        return this;
    }

    public Run to(int value) {
        to = OptionalInt.of(value);
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
        timeout = Optional.of(value);
        return this;
    }

    public Run force() {
        force = true;
        return this;
    }

    Run await() {
        await = true;
        return this;
    }

    public RunPlan plan() {
        return new RunPlan(new MachineChoice(irqchip, guest, vcpus, to, situation),
                new InterruptChoice(path, lines, vector, new MessageChoice(address, data, OptionalLong.empty()),
                        trigger),
                new Pace(count, interval, burst, rate, threads, hold), new Conduct(timeout, force, await));
    }

    RunReport report() {
        return report(new Cancellation());
    }

    /**
     * The report of a run that nothing ends but its watchdog, once this much has happened before: a busy machine needs
     * more time for it.
     */
    RunReport reportAtTimeout(Predicate<RunReport> happened) {
        Duration time = FIRST_TIMEOUT;
        RunReport report = timeout(time).report();
        while (!happened.test(report) && time.compareTo(Hang.AFTER) < 0) {
            time = time.multipliedBy(2);
            report = timeout(time).report();
        }
        return report;
    }

    /** Whether the guest reported that it is ready before the watchdog ended the run. */
    static boolean guestWasReady(RunReport report) {
        return report.gates().before().isPresent();
    }

    /** The same, once all are injected. */
    RunReport reportAtTimeout() {
        return reportAtTimeout(report -> report.interrupts().size() == count);
    }

    RunReport report(Cancellation cancellation) {
        return RunExperiment.run(plan(), cancellation, RunObserver.NONE, RunTrace.none());
    }
}
