package dev.interject.reliability;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.experiment.plan.Conduct;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.MessageChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.experiment.run.RunReport;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.route.RouteCase;
import dev.interject.kvm.UnsupportedKvmException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Interrupts by all paths into all irqchips, one by one and as storms: none is lost, and nothing grows. */
@RequiresKvm
@Tag("long")
class SoakTest {

    private static final int ALL = Amount.of(100_000_000);
    private static final int IN_A_RUN = Amount.isFull() ? 2_000 : 100;
    private static final int IN_A_STORM = 100 * IN_A_RUN;
    private static final int BURST = 16;
    private static final int THREADS = 2;
    /** A limit in minutes, for a machine that has no time for all. */
    private static final Duration LIMIT = Duration.ofMinutes(Integer.getInteger("interject.minutes", 240));

    private final Figure figure = new Figure("soak");
    private final Trend memory = new Trend();
    private final Trend descriptors = new Trend();
    private final Set<String> unsupported = new HashSet<>();
    private long requested;

    @Test
    void interruptsByAllPaths_areNotLostAndNothingGrows() {
        long until = System.nanoTime() + LIMIT.toNanos();
        List<RunPlan> plans = plans();
        plans.forEach(this::run); // the JVM grows until it has compiled these
        Resources before = Resources.now();
        requested = 0;
        while (requested < ALL && System.nanoTime() - until < 0) {
            plans.forEach(this::run);
            Resources now = Resources.now();
            memory.add(requested, now.bytes());
            descriptors.add(requested, now.descriptors());
        }
        before.compareWithNow(figure);
        figure.close("memory %+.1f ± %.1f bytes, descriptors %+.2g ± %.2g for each 1,000 interrupts".formatted(
                memory.slope() * 1000, memory.error() * 1000, descriptors.slope() * 1000, descriptors.error() * 1000));
    }

    private static List<RunPlan> plans() {
        List<RunPlan> plans = new ArrayList<>();
        boolean isFaithful = ConformanceProbe.IOAPIC_RESAMPLE.probe() instanceof Finding.Kept;
        RouteCase.all()
                .stream()
                .filter(routeCase -> isFaithful || !routeCase.needsFaithfulEoi())
                .map(routeCase -> plan(routeCase, Pace.oneByOne(IN_A_RUN)))
                .forEach(plans::add);
        for (Irqchip irqchip : Irqchip.values()) {
            plans.add(storm(irqchip));
        }
        return plans;
    }

    private static RunPlan plan(RouteCase routeCase, Pace pace) {
        return new RunPlan(
                MachineChoice.of(routeCase.irqchip(), routeCase.guest())
                        .withVcpus(routeCase.vcpus(), routeCase.vcpus() - 1),
                new InterruptChoice(Optional.of(routeCase.route()), List.of(), routeCase.vector(),
                        MessageChoice.usual(), routeCase.trigger()),
                pace, Conduct.within(Optional.of(Hang.AFTER)));
    }

    /** Bursts by two threads: requests merge, and are counted as merged. */
    private static RunPlan storm(Irqchip irqchip) {
        return RunPlan.on(irqchip)
                .with(new Pace(IN_A_STORM, Duration.ZERO, BURST, OptionalInt.empty(), THREADS, 1))
                .withTimeout(Optional.of(Hang.AFTER));
    }

    private void run(RunPlan plan) {
        if (unsupported.contains(plan.toString())) {
            return;
        }
        try {
            RunReport report = RunExperiment.run(plan);
            Ledger ledger = report.ledger();
            requested += ledger.requested();
            figure.count(ledger.requested());
            if (ledger.lost() > 0 || ledger.taken() + ledger.coalesced() != ledger.requested()) {
                figure.bad("%s: %s, %s".formatted(plan, ledger, report.ending().reason().orElse("")));
            }
        } catch (UnsupportedKvmException lacking) {
            unsupported.add(plan.toString());
        }
    }
}
