package dev.interject.experiment.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import dev.interject.experiment.plan.ResolvedInjection;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.inject.ForcedVectorInjector;
import dev.interject.interrupt.inject.Injector;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;
import dev.interject.trace.Recorder;

/** Hands a run's interrupts over: makes the sources, and lets them go in the pace of the plan. */
public final class InjectionDriver {

    /**
     * How long the guest may take over the line interrupt that shows it alive after the kernel refused a forced one.
     */
    private static final Duration AFTERMATH = Duration.ofSeconds(1);

    /** Good enough for a lateness where the host cannot tell how fast the guest's counter runs. */
    private static final int USUAL_TSC_KILOHERTZ = 1_000_000;

    private final RunPlan plan;
    private final Machine machine;
    private final RunMonitor monitor;
    private final InterruptLog log;
    private final List<ResolvedInjection> targets;
    private final List<GatePath> ways;
    private final GuestState before;
    private final Refusals refusals;
    private final Recorder recorder;
    private final List<InterruptSource> sources = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private TimerWatch timer;

    /** @param ways of the targets, in the same order, in the state before */
    public InjectionDriver(RunPlan plan, Machine machine, RunMonitor monitor, InterruptLog log,
            List<ResolvedInjection> targets, List<GatePath> ways,
            GuestState before) {
        this(plan, machine, monitor, log, targets, ways, before, Recorder.off());
    }

    /** The same, and has each recorded. */
    public InjectionDriver(RunPlan plan, Machine machine, RunMonitor monitor, InterruptLog log,
            List<ResolvedInjection> targets, List<GatePath> ways,
            GuestState before, Recorder recorder) {
        this.recorder = recorder;
        this.plan = plan;
        this.machine = machine;
        this.monitor = monitor;
        this.log = log;
        this.targets = targets;
        this.ways = ways;
        this.before = before;
        this.refusals = new Refusals(plan.force());
    }

    /** Makes the sources, and has their bells heard. */
    public void prepare() {
        if (plan.effectivePath().isTimer()) {
            int kilohertz = machine.tscKilohertz(targets.getFirst().vcpu()).orElse(USUAL_TSC_KILOHERTZ);
            timer = new TimerWatch(machine, plan, kilohertz);
            sources.add(source(0, null, timer.lateness(ways.getFirst().vector())));
        } else {
            for (int i = 0; i < targets.size(); i++) {
                sources.add(source(i, injector(i), System::nanoTime));
            }
        }
        monitor.expect(targets.getFirst().vcpu(), sources);
    }

    private InterruptSource source(int number, Injector injector, LongSupplier clock) {
        GatePath way = ways.get(number);
        long takenBefore = way.leadsToAVector()
                ? machine.mailbox(targets.get(number).vcpu()).taken(way.vector())
                : 0;
        return new InterruptSource(targets.get(number), way, takenBefore, injector, log,
                mostOfOne(), clock, recorder);
    }

    /** How many interrupts one source may have to hand over: they are dealt in turn, in groups of those held on. */
    private int mostOfOne() {
        int hold = plan.pace().hold();
        return Math.min(plan.count(), Math.ceilDiv(Math.ceilDiv(plan.count(), hold), targets.size()) * hold);
    }

    /** Null where the user insisted on what the kernel then refused: a path that this irqchip does not have. */
    private Injector injector(int number) {
        try {
            return targets.get(number).injector(machine, ways.get(number));
        } catch (SystemCallException refusal) {
            refusals.insistOn(refusal);
            return null;
        }
    }

    /** Until the run's interrupts are taken, or one is not, or the run ends. */
    public void run(long deadline) {
        if (timer != null) {
            timer.run(sources.getFirst(), log, monitor, plan.count(), deadline);
        } else if (sources.stream().anyMatch(source -> source.injector() == null)) {
            refuseAll();
        } else if (plan.pace().isStorm()) {
            boolean told = targets.stream().allMatch(target -> target.tellsCoalescing(before));
            try (Storm storm = new Storm(plan, machine, monitor, log, sources, refusals, told)) {
                storm.run(deadline).ifPresent(notes::add);
            }
        } else {
            new OneByOne(plan, monitor, log, sources, refusals).run(deadline);
        }
    }

    private void refuseAll() {
        for (int i = 0; i < plan.count(); i++) {
            sources.get(i % sources.size()).refuseUntried(log.add(1), refusals.first());
        }
    }

    /** What the kernel and the guest did when they were forced. When all is accounted for: it may inject once more. */
    List<String> aftermath() {
        refusals.note().ifPresent(notes::add);
        if (sources.getFirst().injector() instanceof ForcedVectorInjector forced && forced.whileClosed() > 0) {
            notes.add("forced, and KVM_INTERRUPT was accepted %d times with IF=0".formatted(forced.whileClosed()));
        }
        if (refusedByKernel() > 0 && monitor.isGoingOn() && plan.effectiveGuest() == BuiltinGuest.PIC) {
            noteAftermath();
        }
        return notes;
    }

    /** Whether the guest is still well after what the kernel refused. */
    private void noteAftermath() {
        int line = targets.getFirst().line();
        int vector = before.vectorOf(line);
        boolean kernel = machine.irqchip() == Irqchip.KERNEL;
        Injector usual = kernel
                ? machine.injectors().kernelLine(line, Trigger.EDGE)
                : machine.injectors().userspaceLine(line, Trigger.EDGE);
        InterruptSource source = new InterruptSource(targets.getFirst(), new GatePath(vector, List.of()), 0, usual,
                new InterruptLog(1), 1,
                System::nanoTime, Recorder.off());
        monitor.expectUncounted(source);
        source.inject(0);
        boolean alive = monitor.awaitRings(source, 1, System.nanoTime() + AFTERMATH.toNanos());
        notes.add("afterwards the guest %s line %d at vector 0x%02x".formatted(
                alive ? "took an ordinary interrupt of" : "no longer took an ordinary interrupt of", line, vector));
    }

    List<InterruptSource> sources() {
        return sources;
    }

    long refusedByKernel() {
        return sources.stream().mapToLong(InterruptSource::refusedByKernel).sum();
    }
}
