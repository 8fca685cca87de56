package dev.interject.experiment.sweep;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.run.RunMonitor;
import dev.interject.experiment.setting.Situation;
import dev.interject.experiment.step.SteppedGuest;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.StepResult;

/** A built-in guest. It counts what it takes. */
final class SweptBuiltin implements SweptGuest {

    private final SweepPlan plan;
    private final List<ResolvedInjection> targets;
    private final Machine machine;
    private final SteppedGuest guest;
    private final RunMonitor monitor;

    SweptBuiltin(SweepPlan plan, List<ResolvedInjection> targets, RunMonitor monitor) {
        this.plan = plan;
        this.monitor = monitor;
        this.targets = targets;
        this.machine = new Machine(plan.run().machinePlan(targets), monitor);
        this.guest = new SteppedGuest(machine, plan.run(), targets, monitor);
    }

    @Override
    public Machine machine() {
        return machine;
    }

    @Override
    public GuestState runToStart() {
        machine.startHeld();
        guest.runTo(plan.from());
        return machine.vcpu(0).inspect();
    }

    @Override
    public ResolvedInjection target(GuestState state) {
        return targets.getFirst();
    }

    @Override
    public Situation situation() {
        return plan.run().machine().situation();
    }

    @Override
    public Optional<StepResult> stepUnlessEnded() {
        return guest.stepUnlessCrashed();
    }

    @Override
    public StepResult step() {
        return guest.step();
    }

    @Override
    public boolean hasCrashed() {
        return !monitor.guestRuns();
    }

    @Override
    public void requireRunning() {
        guest.requireRunning("the guest was still single-stepped");
    }

    @Override
    public long counted(GatePath gates) {
        return gates.leadsToAVector() ? machine.vcpu(0).mailbox().taken(gates.vector()) : 0;
    }

    @Override
    public void close() {
        machine.close();
    }
}
