package dev.interject.experiment.sweep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.plan.PlanCheck;
import dev.interject.experiment.plan.ResolvedInjection;
import dev.interject.experiment.run.RunMonitor;
import dev.interject.experiment.sweep.SweepReport.Row;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.inject.Injector;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.machine.vcpu.VcpuDebugger;

/** Injects an interrupt at every single instruction of a stretch of guest code, each time into a guest of its own. */
public final class SweepExperiment {

    /** So many instructions an interrupt is waited for. */
    public static final int PATIENCE = 60;

    private static final Duration TO_GET_THERE = Duration.ofSeconds(5);

    private final SweepPlan plan;
    private final Cancellation cancellation;
    private final List<ResolvedInjection> targets;
    private final PlanCheck check;

    private SweepExperiment(SweepPlan plan, Cancellation cancellation) {
        this.plan = plan;
        this.cancellation = cancellation;
        LineChoice lines = new LineChoice(Machine.lineClaims(), plan.run().effectiveGuest().lines());
        this.targets = ResolvedInjection.of(plan.run(), lines);
        this.check = new PlanCheck(plan.run(), lines, targets);
    }

    /**
     * Sweeps.
     *
     * @throws dev.interject.linux.error.SystemCallException    where a call failed that should not
     * @throws dev.interject.kvm.UnsupportedKvmException where this host's KVM lacks something
     */
    public static SweepReport sweep(SweepPlan plan, Cancellation cancellation) {
        return new SweepExperiment(plan, cancellation).sweep();
    }

    private SweepReport sweep() {
        Optional<String> refusal = check.refusal().or(targets.getFirst()::refusalOfSteps);
        if (refusal.isPresent()) {
            return new SweepReport(plan, List.of(), refusal);
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < plan.count() && !cancellation.isRequested(); i++) {
            RunMonitor monitor = new RunMonitor(cancellation, Deadline.after(plan.run().effectiveTimeout()));
            try (Machine machine = new Machine(plan.run().machinePlan(targets), monitor)) {
                OptionalLong from = machine.addressOf(plan.from());
                if (from.isEmpty()) {
                    return new SweepReport(plan, List.of(), Optional.of("guest %s has no symbol '%s'".formatted(
                            plan.run().effectiveGuest(), plan.from())));
                }
                machine.startHeld();
                if (!machine.leash().runTo(from.getAsLong(), TO_GET_THERE)) {
                    return new SweepReport(plan, List.of(), Optional.of("the guest does not come to " + plan.from()));
                }
                Optional<Row> row = row(machine, i);
                if (row.isEmpty()) {
                    break;
                }
                rows.add(row.get());
            }
        }
        return new SweepReport(plan, rows, Optional.empty());
    }

    /** Empty where the guest has fallen asleep before. */
    private Optional<Row> row(Machine machine, int steps) {
        ResolvedInjection target = targets.getFirst();
        VcpuDebugger leash = machine.leash();
        GuestState atStart = machine.look();
        Injector injector = target.patientInjector(machine, target.way(atStart));
        if (plan.handler()) {
            injector.inject();
            injector.drain();
        }
        boolean asleep = false;
        for (int i = 0; i < steps; i++) {
            StepResult stepped = leash.step();
            boolean sleepsOn = asleep && stepped instanceof StepResult.Asleep;
            if (stepped instanceof StepResult.Ended || sleepsOn) {
                return Optional.empty();
            }
            asleep = stepped instanceof StepResult.Asleep;
        }
        GuestState state = machine.look();
        GatePath way = target.way(state);
        Injector second = plan.handler() ? target.patientInjector(machine, way) : injector;
        int status = second.inject();
        second.drain();
        return Optional.of(follow(machine, state, way, status));
    }

    private Row follow(Machine machine, GuestState state, GatePath way, int status) {
        Optional<Integer> takenAfter = Optional.empty();
        Optional<String> takenAt = Optional.empty();
        for (int i = 0; i < PATIENCE && takenAfter.isEmpty(); i++) {
            String before = place(machine, machine.look());
            StepResult stepped = machine.leash().step();
            if (stepped instanceof StepResult.Took took && took.vector() == way.vector()) {
                takenAfter = Optional.of(i);
                takenAt = Optional.of(before);
            }
            if (stepped instanceof StepResult.Ended) {
                break;
            }
        }
        return new Row(place(machine, state), state.registers().interruptFlag(), shadow(state.events()), state.ready(),
                state.halted(), way.prediction(), takenAfter, takenAt);
    }

    private static String place(Machine machine, GuestState state) {
        long linear = state.special().cs().base() + state.registers().rip();
        return machine.symbolAt(linear);
    }

    private static String shadow(VcpuEvents events) {
        return events.stiShadow() ? "STI" : events.movSsShadow() ? "MOV SS" : "-";
    }
}
