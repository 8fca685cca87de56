package dev.interject.experiment.explain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.interject.Hang;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.state.MpState;
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

    /** The base of CS after a reset. */
    private static final long RESET_CODE = 0xffff0000L;

    private static final String TRIPLE_FAULT = Consequence.End.TRIPLE_FAULT.toString();

    /** After this many looks, and this long, something that must happen does not. */
    private static final int MOST_LOOKS = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RandomSituation situation;
    private final ResolvedInjection target;
    private final Machine machine;
    private final LineChoice lines;
    private Set<Integer> started = Set.of();
    private volatile Set<Integer> queuedVectors = Set.of();
    private HandlerCounts counts;
    private volatile Injector held;
    private volatile boolean ready;
    private volatile Optional<String> end = Optional.empty();

    FateScene(RandomSituation situation) {
        this.situation = situation;
        this.lines = new LineChoice(Machine.lineClaims(), situation.run().effectiveGuest().lines());
        List<ResolvedInjection> targets = situation.run().injections(lines);
        this.target = targets.getFirst();
        this.machine = new Machine(situation.machinePlan(targets), this);
    }

    // --- the guest's events, on its vCPUs' threads
    @Override
    public void ready() {
        ready = true;
    }

    @Override
    public void taken(int vcpu, int vector) {
        if (!queuedVectors.contains(vector)) {
            release();
        }
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
        end = end.or(() -> Optional.of(FateExpectation.exception(vector)));
    }

    @Override
    public void ended(VcpuEnd how) {
        if (!(how instanceof VcpuEnd.Stopped)) {
            end = end.or(() -> Optional.of(name(how)));
        }
    }

    private static String name(VcpuEnd how) {
        return how.describe().contains("KVM_EXIT_SHUTDOWN") ? TRIPLE_FAULT : how.describe();
    }

    /**
     * A vCPU that received an INIT waits for a start-up IPI, and vCPU 0 starts at its first address, without ROM. SVM
     * resets a vCPU at a triple fault as well.
     */
    private void addReset(GuestState now) {
        now.all()
                .stream()
                .filter(vcpu -> started.contains(vcpu.number()) && !isShutDown(vcpu.number()))
                .filter(vcpu -> vcpu.cpu().activity() == MpState.INIT_RECEIVED
                        || vcpu.cpu().special().cs().base() == RESET_CODE)
                .findFirst()
                .ifPresent(vcpu -> end = Optional.of(FateExpectation.reset(vcpu.number())));
    }

    private boolean isShutDown(int vcpu) {
        return machine.vcpu(vcpu).end().map(FateScene::name).filter(TRIPLE_FAULT::equals).isPresent();
    }

    // --- the scene

    /** Brings the guest into the situation, and injects the interrupt. The guest does not run meanwhile. */
    FateExpectation predict() {
        machine.start();
        Hang.orUntil(() -> ready);
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            VcpuHandle handle = machine.vcpu(vcpu);
            Hang.orUntil(() -> isSettled(handle.inspect()));
        }
        hold();
        GuestState state = situation.situation().applyTo(machine, target.vcpu()).state();
        started = state.all()
                .stream()
                .filter(vcpu -> vcpu.cpu().isStarted())
                .map(PeerState::number)
                .collect(Collectors.toSet());
        HostDepartures host = HostDepartures.decisive(addressed(state), target::gatePath);
        GatePath path = host.gates();
        counts = HandlerCounts.since(machine, target, path.vector());
        if (!target.route().isTimer()) {
            Injector injector = target.waitingInjector(machine.injectors(), path);
            held = target.trigger() == Trigger.LEVEL ? injector : null;
            machine.vcpu(target.vcpu()).freeze(vcpu -> vcpu.inject(injector));
        }
        FateExpectation expected = new FateExpectation(state, path, rules(state, path, host.notes()));
        queuedVectors = expected.queued().all().keySet().stream().map(Handler::vector).collect(Collectors.toSet());
        return expected;
    }

    private FateExpectation.Rules rules(GuestState state, GatePath path, List<String> notes) {
        List<String> departures = new ArrayList<>(notes);
        boolean repeats = target.trigger() == Trigger.LEVEL
                && path.gates().stream().anyMatch(gate -> gate.kind() == GateKind.LAPIC_ISR)
                && departs(ConformanceProbe.LAPIC_IN_SERVICE, departures);
        boolean returns = !(situation.isProtected() && departs(ConformanceProbe.PROTECTED_MODE, departures));
        departures.addAll(QueuedEvents.departures(state));
        path.branches()
                .stream()
                .flatMap(branch -> new BranchEnd(state, branch).departure().stream())
                .forEach(departures::add);
        return new FateExpectation.Rules(departures, target.takesNmis(), situation.checksLevel7(),
                repeats || target.route().isTimer(), returns);
    }

    private static boolean departs(ConformanceProbe probe, List<String> departures) {
        boolean departs = HostDepartures.find(probe) instanceof Finding.Departs;
        if (departs) {
            departures.add("this host departs from the manuals (%s)".formatted(probe.title()));
        }
        return departs;
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
                .filter(view -> HostDepartures.decisive(view, target::gatePath)
                        .gates()
                        .isAddressed())
                .findFirst()
                .orElse(state);
    }

    /** Lets the guest run, first as it is and then with all open, and reports what it did. */
    Observed observe(FateExpectation expected) {
        resume();
        awaitOrLook(expected.soon(), expected);
        awaitExceptions(expected);
        SortedMap<Handler, Long> soon = counts.now();
        try {
            hold();
            OpenGates.of(machine, situation, expected.path()).applyTo(machine, target.vcpu());
            resume();
            if (expected.mayHang()) {
                await(() -> end.isPresent(), Duration.ZERO);
            } else if (expected.breaks() || !expected.queued().ends().isEmpty()) {
                await(() -> end.isPresent());
            }
            if (!expected.breaks()) {
                awaitOrLook(expected.all(), expected);
            }
        } catch (VcpuEndedException | EndedEarlyException broken) {
            await(() -> end.isPresent());
        }
        if (machine.vcpu(0).end().isPresent()) {
            addReset(machine.vcpu(0).inspect());
        }
        return new Observed(soon, counts.now(), end);
    }

    /** What reports an exception then clears IF and sleeps, which would close what is opened before. */
    private void awaitExceptions(FateExpectation expected) {
        if (!expected.queued().ends().isEmpty() && !expected.mayHang()) {
            await(() -> end.isPresent());
            await(() -> machine.vcpu(target.vcpu()).inspect().cpu().halted(), Duration.ZERO);
        }
    }

    private void hold() {
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            machine.vcpu(vcpu).hold();
        }
    }

    /** One that has crashed stays as it is; the others run on. */
    private void resume() {
        IntStream.range(0, machine.vcpus())
                .mapToObj(machine::vcpu)
                .filter(VcpuHandle::isHeld)
                .forEach(VcpuHandle::resume);
    }

    /** Until these have run, or the guest broke, and some looks more; where nothing is expected, only these looks. */
    private void awaitOrLook(Map<Handler, Long> handlers, FateExpectation expected) {
        Set<String> queued = expected.queued().ends();
        await(() -> end.filter(how -> !queued.contains(how)).isPresent()
                || FateComparison.hasRun(handlers, expected.withoutRivals(counts.now()), expected.rules().returns()));
        for (int i = 0; i < LOOKS; i++) {
            look();
        }
    }

    /** Waits until something happened that must happen, or the guest was looked at that many times without it. */
    private void await(BooleanSupplier reached) {
        await(reached, PATIENCE);
    }

    private void await(BooleanSupplier reached, Duration patience) {
        long start = System.nanoTime();
        for (int looks = 0; !reached.getAsBoolean()
                && (looks < MOST_LOOKS || System.nanoTime() - start < patience.toNanos()); looks++) {
            look();
        }
    }

    /** An exit and an entry: a host may notice interrupts at exits only. */
    private void look() {
        LockSupport.parkNanos(PAUSE.toNanos());
        if (end.isEmpty()) {
            try {
                addReset(machine.vcpu(target.vcpu()).inspect());
            } catch (VcpuEndedException ended) {
                end = end.or(() -> Optional.of(name(ended.end())));
            }
        }
    }

    @Override
    public void close() {
        release();
        machine.close();
    }
}
