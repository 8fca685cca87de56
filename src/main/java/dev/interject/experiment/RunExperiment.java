package dev.interject.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.Orders;
import dev.interject.interrupt.ForcedVectorInjector;
import dev.interject.interrupt.Gate;
import dev.interject.interrupt.GuestState;
import dev.interject.interrupt.Injector;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.Verdict;
import dev.interject.interrupt.Way;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.SystemCallException;
import dev.interject.machine.Machine;

/**
 * One run: boots the guest, checks the way, injects one interrupt after the other, waits for each to be taken, and
 * accounts for all of them.
 */
public final class RunExperiment {

    /** How long a guest that has said it is ready may take to open to interrupts, unless the plan says to wait. */
    private static final Duration SETTLE = Duration.ofMillis(100);

    /** How often a guest that is waited for is looked at, so that Ctrl-C is noticed. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /**
     * How long the guest may take over the line interrupt that shows it alive after the kernel refused a forced one.
     */
    private static final Duration AFTERMATH = Duration.ofSeconds(1);

    private final RunPlan plan;
    private final LineChoice lines;
    private final Target target;
    private final RunObserver observer;
    private final InterruptLog log;
    private final RunMonitor monitor;
    private final long deadline;
    private final Explainer explainer;

    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Irqchip irqchip;
    private OptionalInt vector = OptionalInt.empty();
    private Optional<Way> way = Optional.empty();
    private Optional<Standing> standing = Optional.empty();
    private Witness witness = Witness.none();
    private long refusedByKernel;
    private long takenBefore;

    private RunExperiment(RunPlan plan, Cancellation cancellation, RunObserver observer) {
        this.plan = plan;
        this.observer = observer;
        this.log = new InterruptLog(plan.count());
        this.monitor = new RunMonitor(cancellation, log);
        this.deadline = System.nanoTime() + plan.effectiveTimeout().toNanos();
        this.irqchip = plan.irqchip();
        this.lines = new LineChoice(Machine.lineClaims(), plan.effectiveGuest().lines());
        this.target = Target.of(plan, lines);
        this.explainer = new Explainer(plan, target, monitor, deadline);
    }

    /**
     * Runs the plan to its end. Whatever the guest does is an outcome in the report, not an exception.
     *
     * @throws SystemCallException      where a call failed that should not
     * @throws UnsupportedKvmException where this host's KVM lacks something
     */
    public static RunReport run(RunPlan plan, Cancellation cancellation, RunObserver observer) {
        return new RunExperiment(plan, cancellation, observer).run();
    }

    private RunReport run() {
        Optional<String> badLine = target.usesLine() ? checkLine() : Optional.empty();
        if (badLine.isPresent()) {
            return refuse(badLine.get());
        }
        BuiltinGuest guest = plan.effectiveGuest();
        Orders orders = new Orders(OptionalInt.of(target.line()), plan.trigger());
        try (Machine machine =
                new Machine(plan.irqchip(), guest.image(), guest.bootMode(), orders, monitor)) {
            irqchip = machine.irqchip();
            machine.start();
            monitor.awaitReady(deadline);
            if (!monitor.isReady() || !monitor.isGoingOn() || deadline - System.nanoTime() <= 0) {
                standing = Optional.of(Standing.of(machine.look(), machine));
                return report(ending(machine, () -> "the guest did not say in time that it is ready"),
                        account(machine));
            }
            return inject(machine);
        }
    }

    /** Why the line must not be pulled; notes what else there is to say of it. */
    private Optional<String> checkLine() {
        Optional<String> refusal = lines.refusal(target.line(), target.trigger());
        // our own pair has 16 lines and no more; the kernel can be asked for any GSI
        boolean exists = IsaLine.exists(target.line()) || plan.irqchip() == Irqchip.KERNEL && target.pullsLine();
        if (refusal.isPresent() && !(plan.force() && exists)) {
            return refusal;
        }
        refusal.or(() -> lines.warning(target.line())).ifPresent(warnings::add);
        return Optional.empty();
    }

    private RunReport inject(Machine machine) {
        GuestState state = machine.lookWhenOpen(SETTLE);
        if (plan.await()) {
            state = awaitOpen(machine, state);
        }
        if (!monitor.isGoingOn()) {
            standing = Optional.of(Standing.of(state, machine));
            return report(ending(machine, () -> "nothing was injected"), account(machine));
        }
        Way checked = target.way(state);
        way = Optional.of(checked);
        Optional<Gate> forbidding = checked.firstThatForbids();
        if (forbidding.isPresent() && !plan.force()) {
            boolean waitedInVain = plan.await() && forbidding.get().verdict() == Verdict.NOT_NOW;
            standing = Optional.of(Standing.of(state, machine));
            return waitedInVain
                    ? report(ending(machine, () -> "it never opened: " + Explainer.describe(forbidding.get())),
                            account(machine))
                    : refuse(Explainer.describe(forbidding.get()) + Explainer.advice(forbidding.get()));
        }
        if (checked.leadsToAVector()) {
            vector = OptionalInt.of(checked.vector());
            takenBefore = machine.mailbox().taken(checked.vector());
        }
        Map<String, Long> countedBefore = machine.vcpuStatistics();
        Optional<Injector> injector = makeInjector(machine, checked);
        observer.injecting(plan.count(), monitor::takenSoFar);
        injector.ifPresent(this::injectAll);
        Ledger ledger = account(machine);
        witness = Witness.of(countedBefore, machine.vcpuStatistics());
        witness.disagreement(target.path(), ledger).ifPresent(notes::add);
        noteWhatForceDid(machine, state, injector);
        return report(ledger.allTaken() && ledger.requested() == plan.count()
                ? Ending.allTaken()
                : ending(machine, () -> explainer.whatHolds(machine, ledger, refusedByKernel)), ledger);
    }

    private GuestState awaitOpen(Machine machine, GuestState first) {
        GuestState state = first;
        while (target.way(state).has(Verdict.NOT_NOW) && !target.way(state).has(Verdict.BREAKS) && monitor.isGoingOn()
                && deadline - System.nanoTime() > 0) {
            state = machine.lookWhenOpen(LOOK_EVERY);
        }
        return state;
    }

    /** Empty where the user insisted on what the kernel then refused: a path that this irqchip does not have. */
    private Optional<Injector> makeInjector(Machine machine, Way checked) {
        try {
            return Optional.of(target.injector(machine, checked));
        } catch (SystemCallException refusal) {
            if (!plan.force()) {
                throw refusal;
            }
            for (int i = 0; i < plan.count(); i++) {
                noteRefusal(log.add(), refusal);
            }
            return Optional.empty();
        }
    }

    private void noteRefusal(int index, SystemCallException refusal) {
        monitor.expectNothing();
        log.status(index, -refusal.errno().number());
        refusedByKernel++;
        if (refusedByKernel == 1) {
            notes.add("forced, and the kernel refused: " + refusal.getMessage());
        }
    }

    private void injectAll(Injector injector) {
        for (int i = 0; i < plan.count() && monitor.isGoingOn(); i++) {
            if (i > 0 && plan.interval().isPositive()) {
                monitor.pause(System.nanoTime() + plan.interval().toNanos());
                if (!monitor.isGoingOn()) {
                    return;
                }
            }
            injector.settle();
            int index = log.add();
            vector.ifPresent(expected -> monitor.expect(index, expected, injector));
            try {
                log.status(index, injector.inject());
            } catch (SystemCallException refusal) {
                if (!plan.force()) {
                    throw refusal;
                }
                noteRefusal(index, refusal);
                continue;
            }
            if (vector.isPresent() && !monitor.awaitTaken(deadline)) {
                return;
            }
        }
    }

    private void noteWhatForceDid(Machine machine, GuestState before, Optional<Injector> injector) {
        if (injector.orElse(null) instanceof ForcedVectorInjector forced && forced.whileClosed() > 0) {
            notes.add("forced, and KVM_INTERRUPT was accepted %d times with IF=0".formatted(forced.whileClosed()));
        }
        if (refusedByKernel > 0 && monitor.isGoingOn() && plan.effectiveGuest() == BuiltinGuest.PIC) {
            int lineVector = before.vectorOf(target.line());
            Injector usual = machine.irqchip() == Irqchip.KERNEL
                    ? machine.kernelLine(target.line(), Trigger.EDGE)
                    : machine.userspaceLine(target.line(), Trigger.EDGE);
            monitor.expect(RunMonitor.UNLOGGED, lineVector, usual);
            usual.inject();
            boolean alive = monitor.awaitTaken(System.nanoTime() + AFTERMATH.toNanos());
            notes.add("afterwards the guest %s line %d at vector 0x%02x".formatted(
                    alive ? "took an ordinary interrupt of" : "no longer took an ordinary interrupt of", target.line(),
                    lineVector));
        }
    }

    private Ledger account(Machine machine) {
        Account account = new Accountant(machine, target, monitor, log)
                .account(vector, takenBefore, refusedByKernel);
        standing = account.standing().or(() -> standing);
        notes.addAll(account.notes());
        return account.ledger();
    }

    private Ending ending(Machine machine, Supplier<String> otherwise) {
        return explainer.ending(machine, vector, standing, otherwise);
    }

    private RunReport refuse(String why) {
        return report(Ending.of(Outcome.REFUSED, why), new Ledger(plan.count(), plan.count(), 0, 0, 0));
    }

    private RunReport report(Ending ending, Ledger ledger) {
        OptionalInt line = target.pullsLine() ? OptionalInt.of(target.line()) : OptionalInt.empty();
        OptionalInt reported = vector.isPresent() ? vector
                : way.filter(Way::leadsToAVector)
                        .map(Way::vector)
                        .map(OptionalInt::of)
                        .orElse(plan.vector());
        return new RunReport(plan, ending.outcome(), ending.reason(), irqchip, target.path(), line, reported, ledger,
                log, way, standing, witness, warnings, notes);
    }
}
