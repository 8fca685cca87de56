package dev.interject.experiment.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.Deadline;
import dev.interject.experiment.UnsupportedPath;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.ForcedVectorInjector;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;

/** Injects the interrupts of a plan, at the pace of the plan. */
public final class InjectionDriver {

    /** The time limit of the line interrupt that shows, after refusals, that the guest still runs. */
    private static final Duration STILL_RUNS = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    private final RunPlan plan;
    private final Machine machine;
    private final RunMonitor monitor;
    private final GuestState before;
    private final GuestState earlier;
    private final InterruptLog log;
    /** By target: lines may repeat in a plan. */
    private final Map<ResolvedInjection, InterruptSource> sources = new LinkedHashMap<>();
    /** In the order of the plan. */
    private final List<InterruptSource> order;
    private final List<String> notes = new ArrayList<>();

    private InjectionDriver(RunPlan plan, List<ResolvedInjection> targets, Machine machine, RunMonitor monitor,
            GuestState before, GuestState earlier) {
        this.plan = plan;
        this.machine = machine;
        this.monitor = monitor;
        this.before = before;
        this.earlier = earlier;
        this.log = new InterruptLog(plan.count());
        try {
            targets.forEach(target -> sources.computeIfAbsent(target, this::source));
        } catch (SystemCallException refusal) {
            if (!plan.conduct().force() || !UnsupportedPath.isRefusal(refusal)) {
                throw refusal;
            }
            targets.forEach(target -> sources.put(target,
                    new RefusedSource(target, gates(target), before, machine, log, refusal)));
        }
        this.order = targets.stream().map(sources::get).toList();
    }

    /**
     * Makes the injectors of a plan's targets, and has the monitor expect their acknowledgements.
     *
     * @param before  the state of the target vCPU
     * @param earlier the same before a timer was set that may have ticked since
     */
    public static InjectionDriver prepare(RunPlan plan, List<ResolvedInjection> targets, Machine machine,
            RunMonitor monitor, GuestState before, GuestState earlier) {
        InjectionDriver driver = new InjectionDriver(plan, targets, machine, monitor, before, earlier);
        monitor.expect(driver.sources());
        return driver;
    }

    private InterruptSource source(ResolvedInjection target) {
        GatePath path = gates(target);
        if (plan.effectivePath().isTimer()) {
            return new TimerSource(target, path, earlier, log, machine, plan);
        }
        return new InjectedSource(target, path, before, machine, log, target.injector(machine.injectors(), path),
                plan.conduct().force());
    }

    /** The gates that the first interrupt of a target meets. */
    GatePath gates(ResolvedInjection target) {
        return HostDepartures.gates(before, target::gatePath);
    }

    /** Injects all into a guest that runs. */
    public void run() {
        run(() -> {});
    }

    /**
     * Injects all. Returns when all are injected and taken, one is not taken, or the run ends.
     *
     * @param release lets the guest run on if it is held; called as soon as the first interrupt is injected
     */
    public void run(Runnable release) {
        if (plan.pace().isStorm()) {
            release.run(); // the guest is stopped and runs on again and again
        }
        switch (order.getFirst()) {
            case TimerSource timer -> timer.run(monitor, plan.count(), release);
            case RefusedSource _ -> {
                release.run(); // no injection does
                refuseAll();
            }
            case InjectedSource _ -> inject(release,
                    order.stream().map(InjectedSource.class::cast).toList());
        }
    }

    private void refuseAll() {
        List<RefusedSource> refused = order.stream().map(RefusedSource.class::cast).toList();
        for (int i = 0; i < plan.count(); i++) {
            refused.get(i % refused.size()).refuse(log.add(1));
        }
    }

    private void inject(Runnable release, List<InjectedSource> injected) {
        if (!plan.pace().isStorm()) {
            new OneByOne(plan.pace(), monitor, log, injected, () -> {
                if (!plan.machine().situation().isEmpty()) {
                    injected.getFirst().injector().drain(); // an eventfd's interrupt is to meet the situation
                }
                release.run();
            }).run();
            return;
        }
        boolean reportsCoalescing = sources.keySet().stream().allMatch(target -> target.reportsCoalescing(before));
        try (Storm storm = new Storm(plan.pace(), machine, monitor, log, injected, reportsCoalescing)) {
            storm.run().ifPresent(notes::add);
        }
    }

    /**
     * Describes what the kernel and the guest did with forced injections. Call it when the ledger is complete: it may
     * inject one more interrupt.
     */
    List<String> notes() {
        refusal().ifPresent(refusal -> notes.add("forced, and the kernel refused: " + refusal.getMessage()));
        if (order.getFirst() instanceof InjectedSource source
                && source.injector() instanceof ForcedVectorInjector forced && forced.whileClosed() > 0) {
            notes.add(("forced: KVM_INTERRUPT was accepted with IF=0 (%,d of %,d). VMX refuses such a VM entry"
                    + " (KVM_EXIT_FAIL_ENTRY, reason 0x80000021), AMD's SVM delivers the interrupt")
                    .formatted(forced.whileClosed(), log.size()));
        }
        if (refusal().isPresent() && monitor.isGoingOn() && plan.effectiveGuest() == BuiltinGuest.PIC) {
            notes.add(whetherTheGuestStillRuns());
        }
        return notes;
    }

    private String whetherTheGuestStillRuns() {
        int line = order.getFirst().target().line();
        int vector = before.controllers().vectorOf(line);
        monitor.expect(List.of());
        long taken = machine.vcpu(0).mailbox().taken(vector);
        Injector usual = machine.irqchip() == Irqchip.KERNEL
                ? machine.injectors().kernelLine(line, Trigger.EDGE)
                : machine.injectors().userspaceLine(line, Trigger.EDGE);
        usual.inject();
        Deadline patience = Deadline.after(STILL_RUNS);
        while (machine.vcpu(0).mailbox().taken(vector) == taken && monitor.isGoingOn() && !patience.isOver()) {
            monitor.pause(Deadline.after(LOOK_EVERY));
        }
        return "afterwards the guest %s an ordinary interrupt of line %d at vector 0x%02x".formatted(
                machine.vcpu(0).mailbox().taken(vector) > taken ? "took" : "no longer took", line, vector);
    }

    InterruptLog log() {
        return log;
    }

    /** Each of them once. */
    List<InterruptSource> sources() {
        return List.copyOf(sources.values());
    }

    /** Whether vectors are queued whatever the guest is doing. */
    boolean isForcedVector() {
        return order.getFirst() instanceof InjectedSource source
                && source.injector() instanceof ForcedVectorInjector;
    }

    /** How many were requested; one that several vCPUs take counts once. */
    long requested() {
        return sources.values().stream().mapToLong(InterruptSource::requested).sum();
    }

    /** How many the kernel refused with an error. */
    long refused() {
        return sources.values().stream().mapToLong(InjectionDriver::refused).sum();
    }

    private static long refused(InterruptSource source) {
        return switch (source) {
            case InjectedSource injected -> injected.refused();
            case RefusedSource refused -> refused.requested();
            case TimerSource _ -> 0;
        };
    }

    private Optional<SystemCallException> refusal() {
        return sources.values().stream().map(InjectionDriver::refusal).flatMap(Optional::stream).findFirst();
    }

    private static Optional<SystemCallException> refusal(InterruptSource source) {
        return switch (source) {
            case InjectedSource injected -> injected.refusal();
            case RefusedSource refused -> Optional.of(refused.refusal());
            case TimerSource _ -> Optional.empty();
        };
    }
}
