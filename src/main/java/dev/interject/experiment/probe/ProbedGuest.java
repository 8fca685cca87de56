package dev.interject.experiment.probe;

import java.util.Set;
import java.util.function.BooleanSupplier;

import dev.interject.guest.BootParameters;
import dev.interject.guest.Mailbox;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/**
 * A guest on the kernel's irqchip that a probe observes. Every wait ends: with the awaited event, with
 * {@link ProbeFailedException} if the guest has ended or the time is up, or with the host's failure.
 */
final class ProbedGuest implements MachineListener, AutoCloseable {

    /** Far longer than any awaited event takes, also on a busy host. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final int BOOT_APIC_ID = 0;

    /** A kick can catch a guest that has executed HLT and is about to wake, but not three times in a row. */
    private static final int LOOKS_ASLEEP = 3;

    private final Machine machine;
    private final int[] taken = new int[Mailbox.VECTORS];
    private Runnable atReady = () -> {};
    private int readies;
    private int takenBeforeReady;
    private String end;
    private int exception = -1;
    private Throwable failure;

    private ProbedGuest(GuestImage image, BootMode mode, BootParameters parameters) {
        this.machine = new Machine(new MachinePlan(Irqchip.KERNEL, image, mode, parameters), this);
    }

    /** A guest that opens no line. It does not run before {@link #start}. */
    static ProbedGuest of(GuestImage image) {
        return of(image, BootMode.LONG, Set.of());
    }

    /** A guest that opens a line. */
    static ProbedGuest of(GuestImage image, int line, Trigger trigger) {
        return new ProbedGuest(image, BootMode.LONG, BootParameters.lines(Set.of(line), trigger));
    }

    /** A guest that boots in this mode and opens these lines, as edges. */
    static ProbedGuest of(GuestImage image, BootMode mode, Set<Integer> lines) {
        return new ProbedGuest(image, mode, BootParameters.lines(lines, Trigger.EDGE));
    }

    Machine machine() {
        return machine;
    }

    /** Sets an action for each READY of the guest, which waits meanwhile. Call it before {@link #start}. */
    void atReady(Runnable action) {
        atReady = action;
    }

    /** Starts the guest, and returns when it has reported READY this many times. */
    void start(int times) {
        machine.start();
        awaitBeforeEnd(() -> readies >= times, "the guest was not ready in time");
    }

    /** Waits until the guest has reported READY this many times, or ends; returns whether it has reported it. */
    boolean isReadyBeforeEnd(int times) {
        await(() -> readies >= times || end != null, "the guest was neither ready in time, nor did it end");
        synchronized (this) {
            return readies >= times;
        }
    }

    /** Sends the guest's LAPIC a message: fixed, edge. */
    void send(int vector) {
        machine.injectors().message(MsiMessage.fixed(BOOT_APIC_ID, vector)).inject();
    }

    void awaitTaken(int vector) {
        awaitBeforeEnd(() -> taken[vector] > 0, "vector 0x%x was not taken in time".formatted(vector));
    }

    /** Waits for the vector or the guest's end, and returns whether the vector was taken. */
    boolean isTakenBeforeEnd(int vector) {
        await(() -> taken[vector] > 0 || end != null,
                "vector 0x%x was not taken in time, and the guest did not end".formatted(vector));
        return count(vector) > 0;
    }

    /** Waits until the guest reports this exception, and returns its error code. */
    int awaitException(int vector) {
        if (awaitException() != vector) {
            throw new ProbeFailedException("the guest ended: " + end());
        }
        return (int) machine.vcpu(0).mailbox().faultErrorCode();
    }

    /** Waits until the guest reports an exception, and returns its vector. */
    synchronized int awaitException() {
        await(() -> end != null, "the guest did not report an exception in time");
        if (exception < 0) {
            throw new ProbeFailedException("the guest ended: " + end());
        }
        return exception;
    }

    /** How many times the vector was taken. */
    synchronized int count(int vector) {
        return taken[vector];
    }

    /** How many interrupts were taken before the last READY. */
    synchronized int takenBeforeReady() {
        return takenBeforeReady;
    }

    /** How the guest ended, in one line; null while it runs. */
    synchronized String end() {
        return end;
    }

    /** Waits until the guest stays asleep, and returns its state. */
    GuestState lookAsleep() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        int asleep = 0;
        GuestState state;
        do {
            if (deadline - System.nanoTime() < 0) {
                throw new ProbeFailedException("the guest did not fall asleep in time");
            }
            pause();
            state = machine.vcpu(0).inspect();
            throwFailure();
            asleep = state.cpu().halted() ? asleep + 1 : 0;
        } while (asleep < LOOKS_ASLEEP);
        return state;
    }

    private synchronized void awaitBeforeEnd(BooleanSupplier condition, String otherwise) {
        await(() -> condition.getAsBoolean() || end != null, otherwise);
        if (!condition.getAsBoolean()) {
            throw new ProbeFailedException("the guest ended: " + end);
        }
    }

    private synchronized void await(BooleanSupplier condition, String otherwise) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            throwFailure();
            if (deadline - System.nanoTime() <= 0) {
                throw new ProbeFailedException(otherwise);
            }
            pause();
        }
    }

    private synchronized void throwFailure() {
        switch (failure) {
            case null -> {
                // the vCPU's thread runs
            }
            case RuntimeException failed -> throw failed;
            case Throwable failed -> throw new IllegalStateException(failed);
        }
    }

    /** Waits for a millisecond, or until the guest reports something. */
    private synchronized void pause() {
        try {
            wait(1);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ProbeFailedException("interrupted");
        }
    }

    // --- the vCPU's thread

    @Override
    public void ready() {
        atReady.run();
        synchronized (this) {
            readies++;
            takenBeforeReady = 0;
            for (int count : taken) {
                takenBeforeReady += count;
            }
            notifyAll();
        }
    }

    @Override
    public synchronized void taken(int vcpu, int vector) {
        taken[vector]++;
        notifyAll();
    }

    @Override
    public synchronized void fault(int vcpu, int vector) {
        exception = vector;
        end("exception %d at 0x%x".formatted(vector, machine.vcpu(0).mailbox().faultRip()));
    }

    @Override
    public void spurious(int vcpu, int vector) {
        // no probe causes one
    }

    @Override
    public synchronized void ended(VcpuEnd ended) {
        switch (ended) {
            case VcpuEnd.Crashed(int _, String how) -> end(how);
            case VcpuEnd.HostFailed(int _, Throwable cause) -> {
                failure = cause;
                notifyAll();
            }
            case VcpuEnd.Stopped _ -> {
                // the probe itself stops its machine
            }
        }
    }

    private synchronized void end(String how) {
        end = how;
        notifyAll();
    }

    @Override
    public void close() {
        machine.close();
    }
}
