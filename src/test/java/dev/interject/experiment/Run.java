package dev.interject.experiment;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;

/** A run plan under construction, for tests: what is not said is as in {@link RunPlan#standard()}. */
final class Run {

    private Optional<BuiltinGuest> guest = Optional.empty();
    private Optional<Path> path = Optional.empty();
    private OptionalInt line = OptionalInt.empty();
    private OptionalInt vector = OptionalInt.empty();
    private Trigger trigger = Trigger.EDGE;
    private int count = 5;
    private Duration interval = Duration.ZERO;
    private Optional<Duration> timeout = Optional.empty();
    private boolean force;
    private boolean await;

    private final Irqchip irqchip;

    private Run(Irqchip irqchip) {
        this.irqchip = irqchip;
    }

    static Run on(Irqchip irqchip) {
        return new Run(irqchip);
    }

    Run guest(BuiltinGuest value) {
        guest = Optional.of(value);
        return this;
    }

    Run path(Path value) {
        path = Optional.of(value);
        return this;
    }

    Run line(int value) {
        line = OptionalInt.of(value);
        return this;
    }

    Run vector(int value) {
        vector = OptionalInt.of(value);
        return this;
    }

    Run trigger(Trigger value) {
        trigger = value;
        return this;
    }

    Run count(int value) {
        count = value;
        return this;
    }

    Run interval(Duration value) {
        interval = value;
        return this;
    }

    Run timeout(Duration value) {
        timeout = Optional.of(value);
        return this;
    }

    Run force() {
        force = true;
        return this;
    }

    Run await() {
        await = true;
        return this;
    }

    RunPlan plan() {
        return new RunPlan(guest, irqchip, path, line, vector, OptionalInt.empty(), trigger, count, interval, timeout,
                force, await);
    }

    RunReport report() {
        return report(new Cancellation());
    }

    RunReport report(Cancellation cancellation) {
        return RunExperiment.run(plan(), cancellation, RunObserver.NONE);
    }
}
