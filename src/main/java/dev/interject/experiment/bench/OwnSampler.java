package dev.interject.experiment.bench;

import java.time.Duration;
import java.util.OptionalDouble;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.inject.Injector;
import dev.interject.machine.ClockReading;
import dev.interject.machine.GuestClock;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.snapshot.PieceOrder;
import dev.interject.machine.snapshot.Snapshot;
import dev.interject.machine.vcpu.VcpuEndedException;

/** Measures Interject itself, with the machine and the injectors of a run, on the calling thread. */
final class OwnSampler implements Sampler {

    /** Time for the guest to reach the code to interrupt; the reference waits as long. */
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
                case RESTORE -> restore(subject, warmUp + turns);
            };
        } catch (VcpuEndedException ended) {
            throw new EndedEarlyException(Ending.of(ended.end()));
        }
    }

    /**
     * Waits until the guest has reached the code to interrupt. A busy guest must be seen to run first, since the
     * scheduler may have queued its thread behind this one on the same CPU. Spins, since waking a thread takes time.
     */
    private static void pause(Load load, Mailbox mailbox, BenchListener listener) {
        if (load == Load.BUSY) {
            awaitOpening(mailbox, listener);
        }
        spin(PAUSE_NANOS);
        listener.check(BenchListener.deadline(), "the guest does not run");
    }

    /** Waits until a busy guest has set its interrupt flag again. */
    private static void awaitOpening(Mailbox mailbox, BenchListener listener) {
        long deadline = BenchListener.deadline();
        long before = mailbox.openedAt();
        while (mailbox.openedAt() == before) {
            listener.check(deadline, "the guest does not run");
            Thread.onSpinWait();
        }
    }

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (until - System.nanoTime() > 0) {
            Thread.onSpinWait();
        }
    }

    /** Nanoseconds from one opening of the guest to the next: the least of a few, since other load only adds to it. */
    private static long period(Mailbox mailbox, BenchListener listener) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < OPENINGS; i++) {
            awaitOpening(mailbox, listener);
            long opened = System.nanoTime();
            awaitOpening(mailbox, listener);
            least = Math.min(least, System.nanoTime() - opened);
        }
        return least;
    }

    private BenchListener listener(Subject subject, int firstCounted, int lastCounted) {
        return new BenchListener(cancellation, subject.path().vector(), firstCounted, lastCounted);
    }

    /** A machine whose guest is ready. */
    static Machine started(MachinePlan plan, BenchListener listener) {
        Machine machine = new Machine(plan, listener);
        try {
            listener.read(machine.vcpu(VCPU).mailbox());
            machine.start();
            listener.awaitReady();
            return machine;
        } catch (RuntimeException failed) {
            machine.close();
            throw failed;
        }
    }

    private static MachinePlan plan(Subject subject) {
        return subject.path().machinePlan(subject.image());
    }

    private Round latency(Subject subject, int warmUp, int turns) {
        int all = warmUp + turns;
        long[] injectedAt = new long[all];
        long[] injection = new long[all];
        long[] handler = new long[all];
        long[] roundTrip = new long[all];
        BenchListener listener = listener(subject, warmUp + 1, all);
        try (Machine machine = started(plan(subject), listener)) {
            ClockReading first = machine.vcpu(VCPU).readClock();
            Injector injector = subject.path().injector(machine);
            Mailbox mailbox = machine.vcpu(VCPU).mailbox();
            long bytes = 0;
            for (int i = 0; i < all; i++) {
                if (i == warmUp) {
                    bytes = BenchListener.bytesAllocated();
                }
                pause(subject.load(), mailbox, listener);
                long before = System.nanoTime();
                injector.inject();
                injection[i] = System.nanoTime() - before;
                listener.awaitTaken(i + 1);
                injectedAt[i] = before;
                handler[i] = listener.enteredAt();
                roundTrip[i] = listener.takenAt() - before;
            }
            bytes = BenchListener.bytesAllocated() - bytes;
            GuestClock clock = GuestClock.between(first, machine.vcpu(VCPU).readClock());
            for (int i = 0; i < all; i++) {
                handler[i] = clock.nanos(handler[i]) - injectedAt[i];
            }
            return new Round(new long[][]{injection, handler, roundTrip}, OptionalDouble.of((double) bytes / turns),
                    listener.bytesPerInterrupt());
        }
    }

    private Round throughput(Subject subject, int all) {
        long[] counted = new long[all];
        BenchListener listener = listener(subject, 0, 0);
        try (Machine machine = started(plan(subject), listener)) {
            Injector injector = subject.path().injector(machine);
            Mailbox mailbox = machine.vcpu(VCPU).mailbox();
            int vector = subject.path().vector();
            long base = mailbox.taken(vector);
            for (int i = 0; i < all; i++) {
                long before = System.nanoTime();
                long deadline = BenchListener.deadline();
                injector.inject();
                while (mailbox.taken(vector) - base != i + 1) {
                    listener.check(deadline, "an interrupt was not taken");
                    Thread.onSpinWait();
                }
                counted[i] = System.nanoTime() - before;
            }
            return Round.of(counted);
        }
    }

    private Round kick(Subject subject, int all) {
        long[] out = new long[all];
        BenchListener listener = listener(subject, 0, 0);
        try (Machine machine = started(plan(subject), listener)) {
            Mailbox mailbox = machine.vcpu(VCPU).mailbox();
            for (int i = 0; i < all; i++) {
                pause(subject.load(), mailbox, listener);
                long before = System.nanoTime();
                out[i] = machine.vcpu(VCPU).freeze(bench -> System.nanoTime()) - before;
            }
            return Round.of(out);
        }
    }

    /** Only turns count in which the guest opened after the request; an open guest needs no window. */
    private Round window(Subject subject, int all) {
        long[] outAt = new long[all];
        long[] opened = new long[all];
        BenchListener listener = listener(subject, 0, 0);
        try (Machine machine = started(plan(subject), listener)) {
            Mailbox mailbox = machine.vcpu(VCPU).mailbox();
            ClockReading first = machine.vcpu(VCPU).readClock();
            long half = period(mailbox, listener) / 2; // the guest is open in the first quarter of each period
            for (int i = 0; i < all;) {
                awaitOpening(mailbox, listener);
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
            BenchListener listener = listener(subject, 0, 0);
            long before = System.nanoTime();
            try (Machine machine = started(plan, listener)) {
                subject.path().injector(machine).inject();
                listener.awaitTaken(1);
                times[i] = listener.takenAt() - before;
            }
        }
        return Round.of(times);
    }

    private Round restore(Subject subject, int all) {
        long[] times = new long[all];
        MachinePlan plan = plan(subject);
        for (int i = 0; i < all; i++) {
            BenchListener listener = listener(subject, 0, 0);
            try (Machine machine = started(plan, listener)) {
                pause(subject.load(), machine.vcpu(VCPU).mailbox(), listener);
                machine.vcpu(VCPU).hold();
                long before = System.nanoTime();
                Snapshot saved = machine.transfer().save();
                try (Machine next = Machine.blank(plan, listener)) {
                    next.transfer().restore(saved, PieceOrder.recommended());
                    times[i] = System.nanoTime() - before;
                    listener.read(next.vcpu(VCPU).mailbox());
                    next.start();
                    subject.path().injector(next).inject();
                    listener.awaitTaken(1);
                }
            }
        }
        return Round.of(times);
    }
}
