package dev.interject.experiment.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.PlanCheck;
import dev.interject.experiment.run.RunMonitor;
import dev.interject.experiment.setting.Situation;
import dev.interject.experiment.step.SteppedGuest;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.machine.vcpu.VcpuEndedException;

/** Injects an interrupt at each instruction of a stretch of guest code, each time into a new guest. */
public final class SweepExperiment {

    /** How many instructions an interrupt is waited for: twice a handler of a built-in guest. */
    public static final int PATIENCE = 120;

    /** A guest that still sleeps after this many steps has nothing to wake it. */
    private static final int STEPS_ASLEEP = 5;

    /** How often an instruction is tried at which the host does not report when the interrupt was taken. */
    private static final int ATTEMPTS = 5;

    private final SweepPlan plan;
    private final Cancellation cancellation;
    private final List<ResolvedInjection> targets;
    private final ResolvedInjection target;
    private final PlanCheck check;
    private final Deadline deadline;
    private final List<SweepRow> rows = new ArrayList<>();
    private List<String> settingNotes = List.of();

    private SweepExperiment(SweepPlan plan, Cancellation cancellation) {
        this.plan = plan;
        this.cancellation = cancellation;
        LineChoice lines = new LineChoice(Machine.lineClaims(), plan.run().effectiveGuest().lines());
        this.targets = plan.run().injections(lines);
        this.target = targets.getFirst();
        this.check = new PlanCheck(plan.run(), lines, targets);
        this.deadline = Deadline.after(plan.run().effectiveTimeout());
    }

    /**
     * Carries out a sweep. If a system call fails meanwhile, the report names it and contains the finished rows.
     *
     * @throws dev.interject.kvm.UnsupportedKvmException if this host's KVM lacks a capability
     */
    public static SweepReport sweep(SweepPlan plan, Cancellation cancellation) {
        return new SweepExperiment(plan, cancellation).sweep();
    }

    private SweepReport sweep() {
        Optional<String> refusal = check.refusal().or(target::refusalOfSteps).or(check::refusalOfPath);
        if (refusal.isPresent()) {
            return ended(Ending.of(Outcome.REFUSED, refusal.get()));
        }
        try {
            Optional<SweepRow> row = row(0);
            while (row.isPresent()) {
                rows.add(row.get());
                row = rows.size() < plan.count() ? row(rows.size()) : Optional.empty();
            }
            return SweepReport.of(plan, rows, settingNotes);
        } catch (EndedEarlyException early) {
            return ended(early.ending());
        } catch (SystemCallException failed) {
            return ended(Ending.hostFailed(failed));
        } catch (VcpuEndedException ended) {
            return ended(Ending.of(ended.end()));
        }
    }

    private SweepReport ended(Ending ending) {
        return new SweepReport(plan, rows, ending, settingNotes);
    }

    /**
     * Tries again if the guest counts more interrupts than its steps showed: a host that is preempted while it steps
     * over an instruction that sets IF can take the interrupt, and its handler's first instruction, in the same step.
     *
     * @return empty if the guest sleeps before this instruction, and nothing wakes it
     */
    private Optional<SweepRow> row(int steps) {
        Optional<SweepRow> row = attempt(steps);
        for (int i = 1; i < ATTEMPTS && row.isPresent() && isUnseen(row.get()); i++) {
            row = attempt(steps);
        }
        return row;
    }

    private static boolean isUnseen(SweepRow row) {
        return row.result() == SweepRow.Result.TAKEN && row.takenAfter().isEmpty();
    }

    private Optional<SweepRow> attempt(int steps) {
        RunMonitor monitor = new RunMonitor(cancellation, deadline);
        try (Machine machine = new Machine(plan.run().machinePlan(targets), monitor)) {
            machine.startHeld();
            SteppedGuest guest = new SteppedGuest(machine, plan.run(), targets, monitor);
            guest.runTo(plan.from());
            GatePath first = target.gatePath(machine.vcpu(0).inspect());
            long takenBefore = taken(machine, first);
            if (plan.handler()) {
                inject(machine, first);
            }
            int seen = 0;
            boolean asleep = false;
            for (int i = 0; i < steps; i++) {
                StepResult stepped = guest.step();
                if (asleep && stepped instanceof StepResult.Asleep) {
                    return Optional.empty();
                }
                asleep = stepped instanceof StepResult.Asleep;
                seen += isTaken(stepped, first) ? 1 : 0;
            }
            Situation.Applied applied = plan.run().machine().situation().applyTo(machine, target.vcpu());
            settingNotes = applied.notes();
            applied.resume(); // vCPU 0 is stepped, and was held before
            GuestState state = applied.state();
            GatePath gates = target.gatePath(state);
            guest.requireRunning("the guest was still single-stepped");
            inject(machine, gates);
            return Optional.of(follow(machine, guest, state, gates, takenBefore + seen));
        }
    }

    private void inject(Machine machine, GatePath gates) {
        Injector injector = target.waitingInjector(machine.injectors(), gates);
        injector.inject();
        injector.drain();
    }

    /** Steps until the interrupt is taken, the guest has crashed, or it is waited for no longer. */
    private SweepRow follow(Machine machine, SteppedGuest guest, GuestState state, GatePath gates, long takenBefore) {
        OptionalInt takenAfter = OptionalInt.empty();
        Optional<String> takenAt = Optional.empty();
        int asleep = 0;
        boolean crashed = false;
        for (int i = 0; i < PATIENCE && asleep < STEPS_ASLEEP && takenAfter.isEmpty() && !crashed; i++) {
            String before = place(machine, machine.vcpu(0).inspect());
            Optional<StepResult> stepped = guest.stepUnlessCrashed();
            if (stepped.filter(step -> isTaken(step, gates)).isPresent()) {
                takenAfter = OptionalInt.of(i);
                takenAt = Optional.of(before);
            }
            asleep = stepped.filter(StepResult.Asleep.class::isInstance).isPresent() ? asleep + 1 : 0;
            crashed = stepped.isEmpty();
        }
        boolean taken = takenAfter.isPresent() || taken(machine, gates) > takenBefore;
        SweepRow.Result result = taken ? SweepRow.Result.TAKEN
                : crashed ? SweepRow.Result.CRASHED : SweepRow.Result.NOT_TAKEN;
        return new SweepRow(place(machine, state), state.cpu().registers().interruptFlag(),
                shadow(state.cpu().events()),
                state.cpu().ready(), state.cpu().halted(), gates.prediction(), result, takenAfter, takenAt);
    }

    private static boolean isTaken(StepResult stepped, GatePath gates) {
        return stepped instanceof StepResult.Took(int vector) && vector == gates.vector();
    }

    /** How many interrupts of this vector the guest has counted. */
    private static long taken(Machine machine, GatePath gates) {
        return gates.leadsToAVector() ? machine.vcpu(0).mailbox().taken(gates.vector()) : 0;
    }

    private static String place(Machine machine, GuestState state) {
        return machine.symbolAt(state.cpu().special().cs().base() + state.cpu().registers().rip());
    }

    private static String shadow(VcpuEvents events) {
        return events.stiShadow() ? events.movSsShadow() ? "STI/SS" : "STI" : events.movSsShadow() ? "MOV SS" : "-";
    }
}
