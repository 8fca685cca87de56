package dev.interject.experiment.explain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import dev.interject.Hang;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.VcpuHandle;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;
import dev.interject.machine.vcpu.VcpuEndedException;

/**
 * One guest in a random situation, and one interrupt: what is predicted of it, and what the guest does with it. First
 * the guest runs on as it is. Then all that holds the interrupt is opened, so that one which waits is taken, and one
 * that was dropped is not.
 */
final class FateScene implements MachineListener, AutoCloseable {

    private static final Duration PAUSE = Duration.ofNanos(50_000);
    /** How many times a guest is looked at, each with an entry, before something is held not to happen. */
    private static final int LOOKS = 3;

    /** More than the loop at symbol {@code spinning} has. */
    private static final int LOOP_BYTES = 4;

    /** A handler that no guest has. */
    private static final Handler NEVER = new Handler(-1, -1);

    /** A handler and the vCPU that runs it. */
    record Handler(int vcpu, int vector) implements Comparable<Handler> {

        @Override
        public int compareTo(Handler other) {
            return vcpu == other.vcpu ? Integer.compare(vector, other.vector) : Integer.compare(vcpu, other.vcpu);
        }

        @Override
        public String toString() {
            return "%s on vCPU %d".formatted(vector == FateExpectation.SPURIOUS ? "a spurious one"
                    : "0x%02x".formatted(vector), vcpu);
        }
    }

    /**
     * What happened.
     *
     * @param soon how often each handler ran in the situation
     * @param all  how often it ran in the end, when all was opened
     * @param end  how the guest broke, if it did
     */
    record Observed(SortedMap<Handler, Long> soon, SortedMap<Handler, Long> all, Optional<String> end) {}

    private final RandomSituation situation;
    private final ResolvedInjection target;
    private final Machine machine;
    private final LineChoice lines;
    private SortedMap<Handler, Long> before = new TreeMap<>();
    private int timerVector;
    private volatile Injector held;
    private volatile boolean ready;
    private volatile Optional<String> end = Optional.empty();

    FateScene(RandomSituation situation) {
        this.situation = situation;
        this.lines = new LineChoice(Machine.lineClaims(), situation.run().effectiveGuest().lines());
        List<ResolvedInjection> targets = situation.run().injections(lines);
        this.target = targets.getFirst();
        this.machine = new Machine(situation.run().machinePlan(targets), this);
    }

    // --- the guest's events, on its vCPUs' threads

    @Override
    public void ready() {
        ready = true;
    }

    @Override
    public void taken(int vcpu, int vector) {
        release();
    }

    @Override
    public void spurious(int vcpu, int vector) {
        release();
    }

    /** The device behind a level-triggered line is served. */
    private void release() {
        Injector injector = held;
        if (injector != null) {
            injector.release();
            held = null;
        }
    }

    @Override
    public void fault(int vcpu, int vector) {
        end = Optional.of(FateExpectation.exception(vector));
    }

    @Override
    public void ended(VcpuEnd how) {
        if (!(how instanceof VcpuEnd.Stopped)) {
            end = end.or(() -> Optional.of(name(how)));
        }
    }

    private static String name(VcpuEnd how) {
        return how.describe().contains("KVM_EXIT_SHUTDOWN") ? Consequence.End.TRIPLE_FAULT.toString() : how.describe();
    }

    // --- the scene

    /** Brings the guest into the situation, and injects the interrupt. The guest does not run meanwhile. */
    FateExpectation predict() {
        machine.start();
        await(() -> ready);
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            VcpuHandle handle = machine.vcpu(vcpu);
            Hang.orUntil(() -> isSettled(handle.inspect()));
        }
        hold();
        GuestState state = situation.situation().applyTo(machine, target.vcpu()).state();
        HostDepartures departures = HostDepartures.on(addressed(state), target::gatePath);
        GatePath path = departures.gates();
        timerVector = path.vector();
        before = counts();
        if (!target.route().isTimer()) {
            Injector injector = target.waitingInjector(machine.injectors(), path);
            held = target.trigger() == Trigger.LEVEL ? injector : null;
            machine.vcpu(target.vcpu()).freeze(vcpu -> vcpu.inject(injector));
        }
        boolean repeats = target.route().isTimer() || target.trigger() == Trigger.LEVEL && departures.notes()
                .stream()
                .anyMatch(note -> note.contains(ConformanceProbe.LAPIC_IN_SERVICE.title()));
        return new FateExpectation(state, path, departures.notes(),
                situation.run().effectiveGuest().handles(GuestInput.PIC), repeats);
    }

    /** Whether a guest does nothing more by itself: it takes interrupts, sleeps, or spins. */
    private boolean isSettled(GuestState state) {
        OptionalLong spinning = machine.addressOf("spinning");
        long ahead = state.cpu().registers().rip() - spinning.orElse(-1);
        return state.isOpen() || state.cpu().halted() || spinning.isPresent() && ahead >= 0 && ahead < LOOP_BYTES;
    }

    /** The state as a vCPU sees it to which the interrupt goes; the target's if it goes to none. */
    private GuestState addressed(GuestState state) {
        return IntStream.range(0, machine.vcpus())
                .mapToObj(state::seenBy)
                .filter(view -> HostDepartures.on(view, target::gatePath)
                        .gates()
                        .isAddressed())
                .findFirst()
                .orElse(state);
    }

    /** Lets the guest run, first as it is and then with all open, and reports what it did. */
    Observed observe(FateExpectation expected) {
        resume();
        awaitOrLook(expected.soon(), expected);
        SortedMap<Handler, Long> soon = counted();
        try {
            hold();
            OpenGates.of(machine, situation, expected.path()).applyTo(machine, target.vcpu());
            resume();
            awaitOrLook(expected.breaks() ? Map.of(NEVER, 1L) : expected.all(), expected);
        } catch (VcpuEndedException | EndedEarlyException broken) {
            await(() -> end.isPresent());
        }
        return new Observed(soon, counted(), end);
    }

    private void hold() {
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            machine.vcpu(vcpu).hold();
        }
    }

    private void resume() {
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            machine.vcpu(vcpu).resume();
        }
    }

    /** Until these have run, or the guest broke, and some looks more; where nothing is expected, only these looks. */
    private void awaitOrLook(Map<Handler, Long> handlers, FateExpectation expected) {
        await(() -> end.isPresent() || handlers.entrySet()
                .stream()
                .allMatch(entry -> expected.withoutRivals(counted()).getOrDefault(entry.getKey(), 0L) >= entry
                        .getValue()));
        for (int i = 0; i < LOOKS; i++) {
            look();
        }
    }

    private void await(BooleanSupplier reached) {
        long start = System.nanoTime();
        while (!reached.getAsBoolean() && System.nanoTime() - start < Hang.AFTER.toNanos()) {
            if (ready) {
                look();
            } else {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** An exit and an entry: a host may notice interrupts at exits only. */
    private void look() {
        LockSupport.parkNanos(PAUSE.toNanos());
        if (end.isEmpty()) {
            try {
                machine.vcpu(target.vcpu()).inspect();
            } catch (VcpuEndedException ended) {
                end = end.or(() -> Optional.of(name(ended.end())));
            }
        }
    }

    private SortedMap<Handler, Long> counts() {
        SortedMap<Handler, Long> counts = new TreeMap<>();
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            int number = vcpu;
            machine.vcpu(vcpu)
                    .mailbox()
                    .takenByVector()
                    .forEach((vector, times) -> counts.put(new Handler(number, vector), times));
            long spurious = machine.vcpu(vcpu).mailbox().spurious();
            if (spurious > 0) {
                counts.put(new Handler(number, spuriousVector()), spurious);
            }
        }
        return counts;
    }

    /** A guest with a timer counts a tick as spurious that no command requested. */
    private int spuriousVector() {
        return target.route().isTimer() ? timerVector : FateExpectation.SPURIOUS;
    }

    /** How often each handler ran since the interrupt. */
    private SortedMap<Handler, Long> counted() {
        SortedMap<Handler, Long> difference = new TreeMap<>();
        counts().forEach((handler, times) -> {
            long more = times - before.getOrDefault(handler, 0L);
            if (more != 0) {
                difference.put(handler, more);
            }
        });
        return difference;
    }

    @Override
    public void close() {
        release();
        machine.close();
    }
}
