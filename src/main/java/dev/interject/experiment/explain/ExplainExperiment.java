package dev.interject.experiment.explain;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.Ending;
import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.PlanCheck;
import dev.interject.experiment.plan.ResolvedInjection;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.EndingExplainer;
import dev.interject.experiment.run.InjectionDriver;
import dev.interject.experiment.run.RunMonitor;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.gate.IdtEntry;
import dev.interject.interrupt.inject.Injector;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.StepResult;

/** Brings a guest to a point, freezes it, and looks at the way that an interrupt would have from there. */
public final class ExplainExperiment {

    /** How long a guest that has said it is ready may take to open to interrupts. */
    private static final Duration SETTLE = Duration.ofMillis(100);

    private final ExplainPlan plan;
    private final RunPlan run;
    private final List<ResolvedInjection> targets;
    private final PlanCheck check;
    private final RunMonitor monitor;

    private ExplainExperiment(ExplainPlan plan, Cancellation cancellation) {
        this.plan = plan;
        this.run = plan.run();
        this.monitor = new RunMonitor(cancellation, Deadline.after(run.effectiveTimeout()));
        LineChoice lines = new LineChoice(Machine.lineClaims(), run.effectiveGuest().lines());
        this.targets = ResolvedInjection.of(run, lines);
        this.check = new PlanCheck(run, lines, targets);
    }

    /**
     * Explains the interrupt of a plan. Injects nothing but those that the guest is to take before.
     *
     * @throws dev.interject.linux.error.SystemCallException    where a call failed that should not
     * @throws dev.interject.kvm.UnsupportedKvmException where this host's KVM lacks something
     */
    public static ExplainReport explain(ExplainPlan plan, Cancellation cancellation) {
        return new ExplainExperiment(plan, cancellation).explain();
    }

    private ExplainReport explain() {
        Optional<String> refusal = check.refusalOfMachine()
                .or(() -> plan.isFollowed() ? targets.getFirst().refusalOfSteps() : Optional.empty());
        if (refusal.isPresent()) {
            return ExplainReport.without(plan, Ending.of(Outcome.REFUSED, refusal.get()));
        }
        try (Machine machine = new Machine(run.machinePlan(targets), monitor)) {
            if (plan.isStepped() && !plan.isFollowed()) {
                machine.startHeld();
                return stepThere(machine);
            }
            machine.start();
            if (!monitor.awaitReady()) {
                return ExplainReport.without(plan,
                        new EndingExplainer(run, targets, monitor).ending(machine, OptionalInt.empty(),
                                Optional.of(GuestPosition.of(machine.vcpu(0).inspect(), machine)),
                                () -> "the guest did not report in time that it is ready"));
            }
            if (plan.isFollowed()) {
                injectTheLast(machine);
                return stepThere(machine);
            }
            return ExplainReport.of(look(machine));
        }
    }

    /** Has the guest take all but one, and injects that one while the vCPU is held, about to take it. */
    private void injectTheLast(Machine machine) {
        ResolvedInjection target = targets.getFirst();
        GuestState state = machine.vcpu(target.vcpu()).inspectWhenOpen(SETTLE);
        if (plan.after() > 1) {
            takeSome(machine, state, run.changed(some -> some.pace(Pace.oneByOne(plan.after() - 1))));
            state = machine.vcpu(target.vcpu()).inspectWhenOpen(SETTLE);
        }
        machine.vcpu(0).hold();
        Injector last = target.patientInjector(machine, target.way(state));
        last.inject();
        last.drain();
    }

    /** From where it is held on, one by one, or until it is about to execute a symbol's first instruction. */
    private ExplainReport stepThere(Machine machine) {
        if (plan.at().isPresent()) {
            OptionalLong address = machine.addressOf(plan.at().get());
            if (address.isEmpty()) {
                return ExplainReport.without(plan, Ending.of(Outcome.REFUSED,
                        "guest %s has no symbol '%s'".formatted(run.effectiveGuest(), plan.at().get())));
            }
            if (!machine.vcpu(0).runTo(address.getAsLong(), monitor.deadline().left())) {
                return ExplainReport.without(plan, Ending.of(Outcome.TIMED_OUT,
                        "the guest does not come to %s; it stands at %s".formatted(plan.at().get(),
                                GuestPosition.of(machine.vcpu(0).inspect(), machine))));
            }
        }
        for (int i = 0; i < plan.atInstruction().orElse(0) && monitor.isGoingOn(); i++) {
            if (machine.vcpu(0).step() instanceof StepResult.Asleep) {
                break; // nothing more is executed until an interrupt comes
            }
        }
        return ExplainReport.of(explain(machine, setUp(machine, targets.getFirst())));
    }

    private Explanation look(Machine machine) {
        ResolvedInjection target = targets.getFirst();
        GuestState state = machine.vcpu(target.vcpu()).inspectWhenOpen(SETTLE);
        boolean setUpFirst = plan.fault().map(fault -> fault.setting().first()).orElse(false);
        if (setUpFirst) {
            state = setUp(machine, target);
        }
        if (plan.after() > 0) {
            takeSome(machine, state, run);
            // its handler speaks before it ends; only an NMI's is worth seeing at work, for nothing else gets in there
            state = target.path() == Path.NMI
                    ? machine.vcpu(target.vcpu()).inspect()
                    : machine.vcpu(target.vcpu()).inspectWhenOpen(SETTLE);
        }
        return explain(machine, setUpFirst ? state : setUp(machine, target));
    }

    private Explanation explain(Machine machine, GuestState state) {
        ResolvedInjection target = targets.getFirst();
        HostDepartures departures = HostDepartures.on(target.way(state));
        GatePath way = departures.way();
        return new Explanation(plan, target.pullsLine() ? OptionalInt.of(target.line()) : OptionalInt.empty(), state,
                GuestPosition.of(state, machine), way, departures.notes(), handler(machine, state, way));
    }

    private GuestState setUp(Machine machine, ResolvedInjection target) {
        return machine.vcpu(target.vcpu()).freeze(bench -> {
            plan.fault().ifPresent(fault -> fault.setting().setUp().accept(bench));
            return bench.state();
        });
    }

    private void takeSome(Machine machine, GuestState before, RunPlan some) {
        InjectionDriver.prepare(some, targets, machine, monitor, before).run();
    }

    private static Optional<String> handler(Machine machine, GuestState state, GatePath way) {
        if (!way.leadsToAVector()) {
            return Optional.empty();
        }
        IdtEntry entry = IdtEntry.of(state, way.vector());
        return entry.isUsable() ? Optional.of(machine.symbolAt(entry.handler())) : Optional.empty();
    }
}
