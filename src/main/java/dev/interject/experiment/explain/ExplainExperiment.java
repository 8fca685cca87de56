package dev.interject.experiment.explain;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.SettledGuest;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.PlanCheck;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.EndingExplainer;
import dev.interject.experiment.run.InjectionDriver;
import dev.interject.experiment.run.RunMonitor;
import dev.interject.experiment.setting.Situation;
import dev.interject.experiment.step.SteppedGuest;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.machine.vcpu.VcpuEndedException;

/** Brings a guest to a point, freezes it there, and explains what each gate would do to an interrupt. */
public final class ExplainExperiment {

    private final ExplainPlan plan;
    private final RunPlan run;
    private final ExplainedInterrupt interrupt;
    private final List<ResolvedInjection> targets;
    private final PlanCheck check;
    private final RunMonitor monitor;
    private ResolvedInjection target;
    private List<String> settingNotes = List.of();

    private ExplainExperiment(ExplainPlan plan, Cancellation cancellation) {
        this.plan = plan;
        this.run = plan.run();
        this.interrupt = ExplainedInterrupt.of(plan);
        this.monitor = new RunMonitor(cancellation, Deadline.after(run.effectiveTimeout()));
        LineChoice lines = new LineChoice(Machine.lineClaims(), run.effectiveGuest().lines());
        this.targets = run.injections(lines);
        this.target = targets.getFirst();
        this.check = new PlanCheck(run, lines, targets);
    }

    /**
     * Explains the interrupt of a plan. It injects only the interrupts that the guest is to take first.
     *
     * @throws dev.interject.linux.error.SystemCallException if a system call fails
     * @throws dev.interject.kvm.UnsupportedKvmException if this host's KVM lacks a capability
     */
    public static ExplainReport explain(ExplainPlan plan, Cancellation cancellation) {
        return new ExplainExperiment(plan, cancellation).explain();
    }

    private ExplainReport explain() {
        Optional<String> refusal = check.refusalOfMachine()
                .or(() -> plan.isFollowed() ? target.refusalOfSteps() : Optional.empty())
                .or(() -> plan.after() > 0 ? check.refusalOfPath() : Optional.empty());
        if (refusal.isPresent()) {
            return ExplainReport.without(interrupt, Ending.of(Outcome.REFUSED, refusal.get()));
        }
        try (Machine machine = new Machine(run.machinePlan(targets), monitor)) {
            SteppedGuest guest = new SteppedGuest(machine, run, targets, monitor);
            GuestState state =
                    addressed(plan.isStepped() ? stepToPoint(machine, guest) : runToPoint(machine, guest));
            guest.requireRunning("the guest was being looked at");
            return ExplainReport.of(explain(machine, state));
        } catch (EndedEarlyException early) {
            return ExplainReport.without(interrupt, early.ending());
        } catch (VcpuEndedException ended) {
            return ExplainReport.without(interrupt, Ending.of(ended.end()));
        }
    }

    /** The state as the target sees it; where the plan leaves the target open, whom the interrupt is addressed to. */
    private GuestState addressed(GuestState state) {
        if (run.machine().to().isEmpty()) {
            target = target.addressedIn(state);
        }
        return state.seenBy(target.vcpu());
    }

    private GuestState runToPoint(Machine machine, SteppedGuest guest) {
        machine.start();
        guest.awaitReady();
        GuestState state = addressed(SettledGuest.inspect(machine, target, monitor.deadline().left()));
        boolean isSetFirst = plan.fault().map(fault -> fault.scenario().first()).orElse(false);
        if (isSetFirst) {
            Situation.Applied applied = run.machine().situation().applyTo(machine, target.vcpu());
            applied.resume();
            state = applied.state();
        }
        if (plan.after() > 0) {
            takeFirst(machine, guest, state, plan.after());
            // the handler acknowledges before it ends; only an NMI's handler is looked at while it still runs
            state = !target.route().isMaskable()
                    ? machine.vcpu(target.vcpu()).inspect()
                    : machine.vcpu(target.vcpu()).inspectWhenOpen(monitor.deadline().left());
        }
        return isSetFirst ? state : setUp(machine);
    }

    private GuestState stepToPoint(Machine machine, SteppedGuest guest) {
        if (plan.isFollowed()) {
            machine.start();
            guest.awaitReady();
            injectLast(machine, guest);
        } else {
            machine.startHeld();
        }
        plan.at().ifPresent(guest::runTo);
        for (int i = 0; i < plan.atInstruction().orElse(0); i++) {
            if (guest.step() instanceof StepResult.Asleep) {
                break; // the guest executes nothing more until it is interrupted
            }
        }
        return setUp(machine);
    }

    /** Has the guest take all interrupts but the last, which is injected while the vCPU is held. */
    private void injectLast(Machine machine, SteppedGuest guest) {
        GuestState state = SettledGuest.inspect(machine, target, monitor.deadline().left());
        if (plan.after() > 1) {
            takeFirst(machine, guest, state, plan.after() - 1);
            state = target.route().isMaskable()
                    ? machine.vcpu(target.vcpu()).inspectWhenOpen(monitor.deadline().left())
                    : SettledGuest.inspect(machine, target, monitor.deadline().left());
        }
        requireAllowed(state);
        machine.vcpu(0).hold();
        Injector last = target.waitingInjector(machine.injectors(), target.gatePath(state));
        last.inject();
        last.drain();
    }

    /** Brings the guest into the plan's situation, holds it there, and reads its state. */
    private GuestState setUp(Machine machine) {
        Situation.Applied applied = run.machine().situation().applyTo(machine, target.vcpu());
        settingNotes = applied.notes();
        return applied.state();
    }

    private void takeFirst(Machine machine, SteppedGuest guest, GuestState before, int count) {
        GatePath gates = requireAllowed(before);
        long takenBefore = taken(machine, gates);
        RunPlan some = run.with(Pace.oneByOne(count));
        InjectionDriver.prepare(some, targets, machine, monitor, before, before).run();
        long taken = taken(machine, gates) - takenBefore;
        if (taken < count) {
            throw guest.notReached("the guest took %d of the %d interrupts that it takes first%s".formatted(taken,
                    count, monitor.guestRuns() ? holder(machine) : ""));
        }
    }

    /** The gates of an interrupt that may be injected in this state; refuses any other, as a run does. */
    private GatePath requireAllowed(GuestState state) {
        GatePath gates = target.gatePath(state);
        gates.firstThatForbids().ifPresent(gate -> {
            throw new EndedEarlyException(Outcome.REFUSED, EndingExplainer.describe(gate));
        });
        return gates;
    }

    /** On the target, or on any of those of which one takes it. */
    private long taken(Machine machine, GatePath gates) {
        List<Integer> vcpus = gates.targetVcpus().areRivals() ? gates.targetVcpus().vcpus() : List.of(target.vcpu());
        return gates.leadsToAVector()
                ? vcpus.stream().mapToLong(vcpu -> machine.vcpu(vcpu).mailbox().taken(gates.vector())).sum()
                : 0;
    }

    /** The gate that holds the interrupt that was not taken. */
    private String holder(Machine machine) {
        return target.gatePath(machine.vcpu(target.vcpu()).inspect())
                .gates()
                .stream()
                .filter(gate -> !gate.isOpen() && gate.verdict() != Verdict.COALESCES)
                .findFirst()
                .map(gate -> "; the next is held at " + EndingExplainer.describe(gate))
                .orElse("");
    }

    private Explanation explain(Machine machine, GuestState state) {
        GatePath byTheManuals = target.gatePath(state);
        plan.fault().ifPresent(fault -> requireReached(fault, byTheManuals));
        return new GateWalk(interrupt, target, run.machine().to().isPresent()).explain(machine, state, settingNotes);
    }

    /** A fault is explained only if the guest is in the situation that it stands for. */
    private static void requireReached(Fault fault, GatePath gates) {
        Prediction prediction = gates.prediction();
        boolean reached = prediction.fate() == fault.fate()
                && prediction.because().map(gate -> gate.kind() == fault.shows()).orElse(true);
        if (!reached) {
            String instead = gates.gates()
                    .stream()
                    .filter(gate -> gate.kind() == fault.shows())
                    .findFirst()
                    .or(prediction::because)
                    .map(gate -> ": " + EndingExplainer.describe(gate))
                    .orElse("");
            throw new EndedEarlyException(Outcome.HOST_UNABLE,
                    "the guest did not get into the situation of fault %s on this host%s".formatted(fault, instead));
        }
    }
}
