package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.interject.Hang;
import dev.interject.device.PicState;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.run.RunMonitor;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;

/** A guest that spins, and whose controllers and flags are set at random before each interrupt. */
final class RandomScene implements AutoCloseable {

    /** Some thousand instructions of a guest, and some kicks: whatever is taken is taken by then. */
    private static final Duration RUN_ON = Duration.ofMillis(2);
    /** How many times in a row nothing must change. */
    private static final int LOOKS = 2;
    private static final PicState MASKED = new PicState(0, 0, 0xff, 0, 0, 0x20, false, false, false, 0, false, false,
            false, true, 0, 0);
    private static final int SPURIOUS = 0x2f;

    /**
     * What was predicted of one interrupt, and what the guest took of it.
     *
     * @param expected the vectors at which it was to arrive in the end
     * @param taken    the vectors whose handlers ran
     */
    record Shot(GuestState state, GatePath path, Set<Integer> expected, Set<Integer> taken) {

        Prediction prediction() {
            return path.prediction();
        }
    }

    private final Machine machine;
    private final Function<Random, RandomRounds.Round> rounds;
    private final RunMonitor monitor = new RunMonitor(new Cancellation(), Deadline.after(Duration.ofDays(1)));

    private RandomScene(Irqchip irqchip, GuestImage image,
            Function<RandomRounds, Function<Random, RandomRounds.Round>> rounds) {
        this.machine = new Machine(
                new MachinePlan(irqchip, image, BootMode.LONG, BootParameters.lines(Set.of(), Trigger.EDGE)), monitor);
        this.rounds = rounds.apply(new RandomRounds(machine));
        machine.start();
        monitor.awaitReady();
    }

    static RandomScene ofPics(Irqchip irqchip) {
        return new RandomScene(irqchip, BuiltinGuest.SPIN.image(), it -> it::picRound);
    }

    static RandomScene ofIoapic(Irqchip irqchip) {
        return new RandomScene(irqchip, GuestImage.ofResource("apic-spin"), it -> it::ioapicRound);
    }

    /** GSIs that lead to any pins of the 8259s and the IOAPIC, to messages, or nowhere. */
    static RandomScene ofRoutes(int seed) {
        RandomScene scene = new RandomScene(Irqchip.KERNEL, GuestImage.ofResource("apic-spin"), it -> it::routeRound);
        List<GsiRoute> routes = RandomRounds.routes(new Random(seed));
        scene.machine.vcpu(0).freeze(bench -> {
            bench.routes(routes);
            return null;
        });
        return scene;
    }

    static RandomScene ofMessages(Irqchip irqchip) {
        return new RandomScene(irqchip, GuestImage.ofResource("apic-spin"), it -> it::messageRound);
    }

    /** Sets up a state, predicts, injects, resumes the guest, and compares. */
    Shot shoot(Random random) {
        RandomRounds.Round round = rounds.apply(random);
        boolean open = random.nextInt(4) != 0;
        Shot[] shot = new Shot[1];
        awaitLoop();
        Map<Integer, Long> before = counts();
        machine.vcpu(0).freeze(bench -> {
            round.setUp().accept(bench);
            bench.interruptFlag(open);
            GuestState state = bench.state().with(RulesOfTheHost.found());
            GatePath path = round.path().apply(state);
            bench.inject(round.injector());
            shot[0] = new Shot(state, path, arrivals(path), Set.of());
            return null;
        });
        Set<Integer> taken = watch(shot[0], before);
        round.injector().release();
        return new Shot(shot[0].state(), shot[0].path(), shot[0].expected(), taken);
    }

    /** How often each handler ran; a spurious interrupt counts for the only vector at which one is predicted. */
    private Map<Integer, Long> counts() {
        Map<Integer, Long> counts = new TreeMap<>(machine.vcpu(0).mailbox().takenByVector());
        counts.merge(SPURIOUS, machine.vcpu(0).mailbox().spurious(), Long::sum);
        return counts;
    }

    /**
     * Nothing of the round before may be left: no handler, whose IRET would bring the flags of then, and nothing queued
     * at the vCPU, which no controller knows of any more.
     */
    private void awaitLoop() {
        machine.vcpu(0).freeze(bench -> {
            bench.pics(old -> MASKED, old -> MASKED);
            if (machine.irqchip().hasLapicInKernel()) {
                bench.lapic(RandomRounds::withoutRequests);
            }
            bench.interruptFlag(true);
            return null;
        });
        long start = System.nanoTime();
        int quiet = 0;
        while (quiet < LOOKS) {
            GuestState state = machine.vcpu(0).inspect();
            boolean inLoop = machine.symbolAt(state.cpu().registers().rip()).startsWith("spinning");
            quiet = inLoop && !state.cpu().events().interruptInjected() ? quiet + 1 : 0;
            assertThat(System.nanoTime() - start).as("the guest never comes back").isLessThan(Hang.AFTER.toNanos());
        }
    }

    private static Set<Integer> arrivals(GatePath path) {
        Set<Integer> vectors = new TreeSet<>();
        for (Branch branch : path.branches()) {
            if (isSpurious(branch)) {
                vectors.add(SPURIOUS);
            } else if (isTakenInTheEnd(branch)) {
                vectors.add(branch.vector());
            }
        }
        return vectors;
    }

    /**
     * One that is merged with one that waits is taken with it, unless that one is held. One that breaks a guest is one
     * that its handler takes for something else.
     */
    private static boolean isTakenInTheEnd(Branch branch) {
        Fate fate = branch.prediction().fate();
        return fate == Fate.TAKEN || (fate == Fate.MERGES || fate == Fate.BREAKS) && closed(branch) == 1;
    }

    /** The slave's request is gone when it is acknowledged, or level 7 is not in service, and nothing else holds it. */
    private static boolean isSpurious(Branch branch) {
        boolean spurious = branch.prediction()
                .because()
                .filter(gate -> gate.kind() == GateKind.SPURIOUS
                        || gate.kind() == GateKind.WIRE && gate.verdict() == Verdict.MISROUTED)
                .isPresent();
        return spurious && closed(branch) - closed(branch, GateKind.SPURIOUS) - closed(branch, GateKind.WIRE) == 0;
    }

    private static boolean isClosed(Gate gate) {
        return !gate.isOpen() && gate.verdict() != Verdict.NOT_PORTABLE;
    }

    private static long closed(Branch branch) {
        return branch.gates().stream().filter(RandomScene::isClosed).count();
    }

    private static long closed(Branch branch, GateKind kind) {
        return branch.gates().stream().filter(gate -> isClosed(gate) && gate.kind() == kind).count();
    }

    private Set<Integer> watch(Shot shot, Map<Integer, Long> before) {
        long start = System.nanoTime();
        Duration patience = shot.expected().isEmpty() ? RUN_ON : Hang.AFTER;
        Set<Integer> taken = takenSince(before);
        while (System.nanoTime() - start < patience.toNanos()
                && (shot.expected().isEmpty() || !taken.containsAll(shot.expected()))) {
            look();
            taken = takenSince(before);
        }
        for (int i = 0; i < LOOKS; i++) {
            look(); // for more than was expected
        }
        return takenSince(before);
    }

    /** A kick: a host may notice interrupts at exits only. */
    private void look() {
        LockSupport.parkNanos(50_000);
        machine.vcpu(0).inspect();
    }

    private Set<Integer> takenSince(Map<Integer, Long> before) {
        return counts().entrySet()
                .stream()
                .filter(entry -> entry.getValue() > before.getOrDefault(entry.getKey(), 0L))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() {
        machine.close();
    }
}
