package dev.interject.experiment.run;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.interject.Hang;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.FrozenVcpu;
import dev.interject.machine.Machine;

/** Predicts what happens to an interrupt, injects it, and observes what happened. */
public final class Trial implements AutoCloseable {

    /** How long to watch a guest that is predicted not to take the interrupt. */
    private static final Duration WATCH = Duration.ofMillis(60);

    /** What happened to the interrupt. */
    public enum Happened {
        TAKEN, BROKE, WAITS, NOTHING
    }

    private final RunPlan run;
    private final List<ResolvedInjection> targets;
    private final RunMonitor monitor = new RunMonitor(new Cancellation(), Deadline.after(Hang.AFTER));
    private final Machine machine;
    private GuestState state;
    private GatePath path;

    public Trial(RunPlan run) {
        this.run = run;
        this.targets = run.injections(new LineChoice(Machine.lineClaims(), run.effectiveGuest().lines()));
        this.machine = new Machine(run.machinePlan(targets), monitor);
        machine.start();
        monitor.awaitReady();
        machine.vcpu(target().vcpu()).inspectWhenOpen(Duration.ofSeconds(1));
    }

    public ResolvedInjection target() {
        return targets.getFirst();
    }

    public Machine machine() {
        return machine;
    }

    /** How many of these interrupts the guest takes. */
    public void take(int count) {
        GuestState state = machine.vcpu(target().vcpu()).inspect();
        RunPlan some = run.with(Pace.oneByOne(count));
        InjectionDriver.prepare(some, targets, machine, monitor, state, state).run();
    }

    public void setUp(Consumer<FrozenVcpu> change) {
        machine.vcpu(target().vcpu()).freeze(bench -> {
            change.accept(bench);
            return null;
        });
    }

    /** Sets up, predicts and injects while the guest is stopped; then resumes it. */
    public Prediction predictAndInject(Consumer<FrozenVcpu> change) {
        Injector injector = injector();
        machine.vcpu(target().vcpu()).freeze(bench -> {
            change.accept(bench);
            state = bench.state();
            path = target().gatePath(state);
            if (injector != null) {
                bench.inject(injector);
            }
            return null;
        });
        return HostDepartures.on(state, target()::gatePath).gates().prediction();
    }

    public GatePath path() {
        return path;
    }

    /** Null if the kernel does not support the path. */
    private Injector injector() {
        try {
            if (run.effectivePath() == Route.VECTOR) {
                return machine.irqchip() == Irqchip.KERNEL ? null : ofVector();
            }
            Injector injector =
                    target().injector(machine.injectors(), target().gatePath(machine.vcpu(target().vcpu()).inspect()));
            if (!machine.irqchip().hasLapicInKernel() && run.effectivePath() != Route.NMI) {
                injector.inject();
                throw new AssertionError("the kernel took it");
            }
            return injector;
        } catch (SystemCallException refusal) {
            return null;
        }
    }

    private Injector ofVector() {
        return target().pullsLine()
                ? machine.injectors().userspaceLine(target().line(), run.interrupt().trigger())
                : machine.injectors().vector(run.interrupt().vector().getAsInt());
    }

    /** What happened to the interrupt, by the guest's counts and the controllers' state. */
    public Happened happened(long takenBefore, long spuriousBefore) {
        Mailbox mailbox = machine.vcpu(target().vcpu()).mailbox();
        int vector = path.leadsToAVector() ? path.vector() : 0;
        Fate fate = HostDepartures.on(state, target()::gatePath).gates().prediction().fate();
        Duration watch = fate == Fate.TAKEN || fate == Fate.BREAKS ? Hang.AFTER : WATCH;
        long until = System.nanoTime() + watch.toNanos();
        while (monitor.guestRuns() && mailbox.taken(vector) == takenBefore && mailbox.spurious() == spuriousBefore
                && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        if (!monitor.guestRuns() || mailbox.spurious() != spuriousBefore) {
            return Happened.BROKE;
        }
        if (mailbox.taken(vector) > takenBefore) {
            return Happened.TAKEN;
        }
        boolean waits = path.leadsToAVector()
                && (target().waiting(machine.vcpu(target().vcpu()).inspect(), vector) > 0
                        || machine.vcpu(0).withdraw(vector) > 0);
        return waits ? Happened.WAITS : Happened.NOTHING;
    }

    /** The vectors whose handlers have run once these have, or the guest has ended, or enough time has passed. */
    public Set<Integer> awaitTaken(List<Integer> vectors) {
        Mailbox mailbox = machine.vcpu(target().vcpu()).mailbox();
        long until = System.nanoTime() + (vectors.isEmpty() ? WATCH : Hang.AFTER).toNanos();
        while (monitor.guestRuns() && until - System.nanoTime() > 0
                && (vectors.isEmpty() || !mailbox.takenByVector().keySet().containsAll(vectors))) {
            LockSupport.parkNanos(1_000_000);
            machine.vcpu(target().vcpu()).inspect(); // a kick: a host may notice interrupts at exits only
        }
        return mailbox.takenByVector().keySet();
    }

    /** How the guest ended: the vector of the exception that its handler reports with its error code, or in words. */
    public String end() {
        OptionalInt fault = monitor.fault();
        Mailbox mailbox = machine.vcpu(target().vcpu()).mailbox();
        return fault.isPresent()
                ? "%s, 0x%x".formatted(CpuException.mnemonic(fault.getAsInt()), mailbox.faultErrorCode())
                : monitor.end().map(Object::toString).orElse("runs");
    }

    public boolean guestRuns() {
        return monitor.guestRuns();
    }

    long taken() {
        return path != null && path.leadsToAVector() ? machine.vcpu(target().vcpu()).mailbox().taken(path.vector()) : 0;
    }

    @Override
    public void close() {
        machine.close();
    }
}
