package dev.interject.experiment.bench;

import java.time.Duration;
import java.util.OptionalDouble;

import dev.interject.experiment.Cancellation;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.inject.Injector;
import dev.interject.machine.ClockReading;
import dev.interject.machine.GuestClock;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.vcpu.VcpuEndedException;

/** Measures Interject itself: the machine and the injectors of a run, turned by the calling thread. */
final class OwnSampler implements Sampler {

    /** Time for the guest to go where it is to be interrupted; the reference is given the same. */
    static final long PAUSE_NANOS = 100_000;

    private static final int VCPU = 0;
    private static final int OPENINGS = 4;
    private static final Duration WINDOW_PATIENCE = Duration.ofSeconds(2);

    private final Cancellation cancellation;

    OwnSampler(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    @Override
    public String name() {
        return "Interject";
    }

    @Override
    public Round round(Subject subject, int warmUp, int turns) {
        try {
            return switch (subject.measure()) {
                case LATENCY -> latency(subject, warmUp, turns);
                case THROUGHPUT -> throughput(subject, warmUp + turns);
                case KICK -> kick(subject, warmUp + turns);
                case WINDOW -> window(subject, warmUp + turns);
                case START -> start(subject, warmUp + turns);
            };
        } catch (VcpuEndedException ended) {
            throw RoundFailed.of(ended.end());
        }
    }

    /**
     * Lets the guest go where it is to be interrupted. One that never sleeps is seen to run first: else the scheduler
     * may have put its thread behind this one, on the same CPU. Stays on its CPU: a thread that sleeps in between is
     * late for other reasons.
     */
    private static void pause(Load load, Mailbox mailbox, BenchListener ear) {
        if (load == Load.BUSY) {
            awaitTurn(mailbox, ear);
        }
        spin(PAUSE_NANOS);
        ear.check(BenchListener.deadline(), "the guest does not run");
    }

    /** Waits until a guest that never sleeps has come round again. */
    private static void awaitTurn(Mailbox mailbox, BenchListener ear) {
        long deadline = BenchListener.deadline();
        long before = mailbox.openedAt();
        while (mailbox.openedAt() == before) {
            ear.check(deadline, "the guest does not run");
            Thread.onSpinWait();
        }
    }

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (until - System.nanoTime() > 0) {
            Thread.onSpinWait();
        }
    }

    /** From one opening of the guest to the next, in nanoseconds: the least of some, since hosts do other things. */
    private static long period(Mailbox mailbox, BenchListener ear) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < OPENINGS; i++) {
            awaitTurn(mailbox, ear);
            long opened = System.nanoTime();
            awaitTurn(mailbox, ear);
            least = Math.min(least, System.nanoTime() - opened);
        }
        return least;
    }

    private BenchListener ear(Subject subject, int firstCounted, int lastCounted) {
        return new BenchListener(cancellation, subject.way().vector(), firstCounted, lastCounted);
    }

    /** A machine whose guest is ready. */
    static Machine started(MachinePlan plan, BenchListener ear) {
        Machine machine = new Machine(plan, ear);
        try {
            ear.read(machine.vcpu(VCPU).mailbox());
            machine.start();
            ear.awaitReady();
            return machine;
        } catch (RuntimeException failed) {
            machine.close();
            throw failed;
        }
    }

    private static MachinePlan plan(Subject subject) {
        return subject.way().machinePlan(subject.image());
    }

    private Round latency(Subject subject, int warmUp, int turns) {
        int all = warmUp + turns;
        long[] injectedAt = new long[all];
        long[] injection = new long[all];
        long[] handler = new long[all];
        long[] roundTrip = new long[all];
        BenchListener ear = ear(subject, warmUp + 1, all);
        try (Machine machine = started(plan(subject), ear)) {
            ClockReading first = machine.vcpu(VCPU).readClock();
            Injector injector = subject.way().injector(machine);
            Mailbox mailbox = machine.vcpu(VCPU).mailbox();
            long bytes = 0;
            for (int i = 0; i < all; i++) {
                if (i == warmUp) {
                    bytes = BenchListener.bytesAllocated();
                }
                pause(subject.load(), mailbox, ear);
                long before = System.nanoTime();
                injector.inject();
                injection[i] = System.nanoTime() - before;
                ear.awaitRings(i + 1);
                injectedAt[i] = before;
                handler[i] = ear.enteredAt();
                roundTrip[i] = ear.rungAt() - before;
            }
            bytes = BenchListener.bytesAllocated() - bytes;
            GuestClock clock = GuestClock.between(first, machine.vcpu(VCPU).readClock());
            for (int i = 0; i < all; i++) {
                handler[i] = clock.nanos(handler[i]) - injectedAt[i];
            }
            return new Round(new long[][]{injection, handler, roundTrip}, OptionalDouble.of((double) bytes / turns),
                    ear.bytesPerInterrupt());
        }
    }

    private Round throughput(Subject subject, int all) {
        long[] counted = new long[all];
        BenchListener ear = ear(subject, 0, 0);
        try (Machine machine = started(plan(subject), ear)) {
            Injector injector = subject.way().injector(machine);
            Mailbox mailbox = machine.vcpu(VCPU).mailbox();
            int vector = subject.way().vector();
            long base = mailbox.taken(vector);
            for (int i = 0; i < all; i++) {
                long before = System.nanoTime();
                long deadline = BenchListener.deadline();
                injector.inject();
                while (mailbox.taken(vector) - base != i + 1) {
                    ear.check(deadline, "an interrupt was not taken");
                    Thread.onSpinWait();
                }
                counted[i] = System.nanoTime() - before;
            }
            return Round.of(counted);
        }
    }

    private Round kick(Subject subject, int all) {
        long[] out = new long[all];
        BenchListener ear = ear(subject, 0, 0);
        try (Machine machine = started(plan(subject), ear)) {
            Mailbox mailbox = machine.vcpu(VCPU).mailbox();
            for (int i = 0; i < all; i++) {
                pause(subject.load(), mailbox, ear);
                long before = System.nanoTime();
                out[i] = machine.vcpu(VCPU).freeze(bench -> System.nanoTime()) - before;
            }
            return Round.of(out);
        }
    }

    /** Only those count at which the guest opened behind the kick; one that is open already needs no window. */
    private Round window(Subject subject, int all) {
        long[] outAt = new long[all];
        long[] opened = new long[all];
        BenchListener ear = ear(subject, 0, 0);
        try (Machine machine = started(plan(subject), ear)) {
            Mailbox mailbox = machine.vcpu(VCPU).mailbox();
            ClockReading first = machine.vcpu(VCPU).readClock();
            long half = period(mailbox, ear) / 2; // of each period, the guest is open in the first quarter alone
            for (int i = 0; i < all;) {
                awaitTurn(mailbox, ear);
                spin(half);
                long last = mailbox.openedAt();
                outAt[i] = machine.vcpu(VCPU).whenOpen(() -> System.nanoTime(), WINDOW_PATIENCE);
                opened[i] = mailbox.openedAt();
                i += opened[i] == last ? 0 : 1;
            }
            GuestClock clock = GuestClock.between(first, machine.vcpu(VCPU).readClock());
            for (int i = 0; i < all; i++) {
                outAt[i] -= clock.nanos(opened[i]);
            }
            return Round.of(outAt);
        }
    }

    private Round start(Subject subject, int all) {
        long[] times = new long[all];
        MachinePlan plan = plan(subject);
        for (int i = 0; i < all; i++) {
            BenchListener ear = ear(subject, 0, 0);
            long before = System.nanoTime();
            try (Machine machine = started(plan, ear)) {
                subject.way().injector(machine).inject();
                ear.awaitRings(1);
                times[i] = ear.rungAt() - before;
            }
        }
        return Round.of(times);
    }
}
