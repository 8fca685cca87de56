package dev.interject.experiment.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.interject.device.CommandPort;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.SettledGuest;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.GatePaths;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.VcpuHandle;

/** Brings the guest of a run to the moment of the first injection: settled, and in the plan's situation. */
final class Preparation {

    /** The interval at which a guest that is waited for is checked. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(1);
    /** Where a guest with a timer counts its ticks. */
    private static final String TICKS_LEFT = "ticks_left";

    private final RunPlan plan;
    private final Machine machine;
    private final RunMonitor monitor;
    private final List<String> notes = new ArrayList<>();
    private List<ResolvedInjection> targets;
    private GatePaths paths = GatePaths.UNKNOWN;
    private Runnable release = () -> {};
    private Optional<GuestState> earlier = Optional.empty();

    Preparation(RunPlan plan, List<ResolvedInjection> targets, Machine machine, RunMonitor monitor) {
        this.plan = plan;
        this.targets = targets;
        this.machine = machine;
        this.monitor = monitor;
    }

    /**
     * Brings the guest there; returns the state that the target sees.
     *
     * @throws dev.interject.experiment.EndedEarlyException if the guest has no such value, or KVM refuses it
     */
    GuestState prepare() {
        GuestState state = addressed(SettledGuest.inspect(machine, targets.getFirst(), monitor.deadline().left()));
        if (!plan.machine().situation().isEmpty()) {
            state = setUp();
        }
        if (plan.conduct().await() && !plan.isTimerSet()) { // the ticks of a timer that is set are awaited themselves
            release.run();
            state = awaitOpen(state);
        }
        paths = paths(state);
        if (earlier.isEmpty()) {
            earlier = Optional.of(state);
        }
        return state;
    }

    /** Keeps the guest in the situation until it is released. */
    private GuestState setUp() {
        if (plan.isTimerSet()) {
            startCounting();
        }
        Situation.Applied applied = plan.machine().situation().applyTo(machine, vcpu());
        notes.addAll(applied.notes());
        boolean isSentByAVcpu = plan.effectivePath().isRaisedByGuest() && !plan.effectivePath().isTimer();
        release = isSentByAVcpu ? () -> releaseSenderFirst(applied) : applied::resume;
        GuestState state = addressed(applied.state());
        if (plan.isTimerSet()) {
            expectTicks(applied.beforeTimers(), state);
        }
        return state;
    }

    /** The guest counts what was pending before the timer was set as a tick, and the run does not. */
    private void expectTicks(GuestState before, GuestState after) {
        ResolvedInjection timer = targets.getFirst();
        GatePath path = HostDepartures.gates(after, timer::gatePath);
        int pending = path.leadsToAVector() ? timer.pendingBefore(before, path.vector()) : 0;
        earlier = Optional.of(before);
        long address = machine.addressOf(TICKS_LEFT).orElseThrow();
        machine.vcpu(vcpu())
                .freeze(vcpu -> vcpu.writeLinear(address,
                        ByteBuffer.allocate(Integer.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(plan.count() + pending)
                                .array()));
    }

    /** Gives a guest its number of ticks, but no period: it does not arm its timer, which is as the settings say. */
    private void startCounting() {
        machine.command(plan.count());
        while (!machine.isCommandAwaited() && monitor.isGoingOn()) {
            monitor.pause(Deadline.after(LOOK_AGAIN));
        }
    }

    /** What the target has pending is to be there when the IPI arrives, so the sender sends it first. */
    private void releaseSenderFirst(Situation.Applied applied) {
        Mailbox sender = machine.vcpu(SettledGuest.SENDER).mailbox();
        applied.held().stream().filter(vcpu -> vcpu.number() == SettledGuest.SENDER).forEach(VcpuHandle::resume);
        boolean isSent = paths.paths().stream().noneMatch(path -> path.entry().stream().allMatch(Gate::isOpen));
        while (!isSent && vcpu() != SettledGuest.SENDER && monitor.isGoingOn()) {
            monitor.pause(Deadline.after(LOOK_AGAIN));
            isSent = sender.leftAt(CommandPort.VECTOR) > sender.enteredAt(CommandPort.VECTOR);
        }
        applied.resume();
    }

    /** The state as the target sees it; where the plan leaves the target open, whom the interrupt is addressed to. */
    private GuestState addressed(GuestState state) {
        if (plan.machine().to().isPresent()) {
            return state.seenBy(vcpu());
        }
        GuestState here = HostDepartures.onThisHost(state, seen -> {
            ResolvedInjection first = targets.getFirst().addressedIn(seen);
            return first.gatePath(seen.seenBy(first.vcpu()));
        });
        targets = targets.stream().map(target -> target.addressedIn(here)).toList();
        return here.seenBy(vcpu());
    }

    private GatePaths paths(GuestState state) {
        return new GatePaths(targets.stream().map(target -> HostDepartures.gates(state, target::gatePath)).toList());
    }

    private int vcpu() {
        return targets.getFirst().vcpu();
    }

    /** Waits while a gate is closed that the guest may open, and no other forbids the interrupt. */
    private GuestState awaitOpen(GuestState first) {
        GuestState state = first;
        for (GatePaths now = paths(state); monitor.isGoingOn() && now.firstThatMayOpen().isPresent()
                && !now.isForbiddenForever(); now = paths(state)) {
            if (state.isOpen()) {
                monitor.pause(Deadline.after(LOOK_AGAIN)); // open to interrupts, and another gate is not
            }
            state = machine.vcpu(vcpu()).inspectWhenOpen(monitor.deadline().orAfter(LOOK_EVERY).left());
        }
        return state;
    }

    /** The plan's injections, each for a vCPU that it is addressed to. */
    List<ResolvedInjection> targets() {
        return targets;
    }

    /** The state before anything of the run could be pending. */
    GuestState earlier() {
        return earlier.orElseThrow();
    }

    /** The gates that the first interrupts meet. */
    GatePaths paths() {
        return paths;
    }

    /** Lets the guest run on; to be called when the first interrupt is injected. */
    Runnable release() {
        return release;
    }

    /** What KVM made of settings that it changed. */
    List<String> notes() {
        return notes;
    }
}
