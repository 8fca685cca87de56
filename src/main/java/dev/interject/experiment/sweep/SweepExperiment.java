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
import dev.interject.machine.VcpuHandle;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;

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
                if (!machine.vcpu(0).runTo(from.getAsLong(), TO_GET_THERE)) {
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
        VcpuHandle vcpu = machine.vcpu(0);
        GuestState atStart = machine.vcpu(0).inspect();
        Injector injector = target.patientInjector(machine, target.way(atStart));
        if (plan.handler()) {
            injector.inject();
            injector.drain();
        }
        boolean asleep = false;
        for (int i = 0; i < steps; i++) {
            Optional<StepResult> stepped = step(vcpu);
            boolean sleepsOn = asleep && stepped.filter(StepResult.Asleep.class::isInstance).isPresent();
            if (stepped.isEmpty() || sleepsOn) {
                return Optional.empty();
            }
            asleep = stepped.get() instanceof StepResult.Asleep;
        }
        GuestState state = machine.vcpu(0).inspect();
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
            String before = place(machine, machine.vcpu(0).inspect());
            Optional<StepResult> stepped = step(machine.vcpu(0));
            if (stepped.isEmpty()) {
                break;
            }
            if (stepped.get() instanceof StepResult.Took took && took.vector() == way.vector()) {
                takenAfter = Optional.of(i);
                takenAt = Optional.of(before);
            }
        }
        return new Row(place(machine, state), state.registers().interruptFlag(), shadow(state.events()), state.ready(),
                state.halted(), way.prediction(), takenAfter, takenAt);
    }

    /** Empty if the guest crashed; a failure of the host ends the sweep. */
    private static Optional<StepResult> step(VcpuHandle vcpu) {
        try {
            return Optional.of(vcpu.step());
        } catch (VcpuEndedException ended) {
            if (ended.end() instanceof VcpuEnd.Crashed) {
                return Optional.empty();
            }
            throw ended;
        }
    }

    private static String place(Machine machine, GuestState state) {
        long linear = state.special().cs().base() + state.registers().rip();
        return machine.symbolAt(linear);
    }

    private static String shadow(VcpuEvents events) {
        return events.stiShadow() ? "STI" : events.movSsShadow() ? "MOV SS" : "-";
    }
}
