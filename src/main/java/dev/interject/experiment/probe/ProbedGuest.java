package dev.interject.experiment.probe;

import java.util.Set;
import java.util.function.BooleanSupplier;

import dev.interject.guest.BootMode;
import dev.interject.guest.BootParameters;
import dev.interject.guest.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuEnd;

/**
 * A guest on the kernel's irqchip that a probe watches. Every wait ends: with what was waited for, or with
 * {@link ProbeFailedException} when the guest has ended or the watchdog's time is up.
 */
final class ProbedGuest implements MachineListener, AutoCloseable {

    /** Far longer than anything takes that comes at all. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private static final int VECTORS = 256;
    private static final int BOOT_APIC_ID = 0;

    /** A kick may catch a guest that has executed HLT and is about to wake; not so often in a row. */
    private static final int LOOKS_ASLEEP = 3;

    private final Machine machine;
    private final int[] taken = new int[VECTORS];
    private Runnable atReady = () -> {};
    private int readies;
    private int takenBeforeReady;
    private String end;
    private String failure;

    private ProbedGuest(GuestImage image, BootParameters orders) {
        this.machine = new Machine(new MachinePlan(Irqchip.KERNEL, image, BootMode.LONG, orders), this);
    }

    /** One that is ordered to open no line. Nothing runs before {@link #start}. */
    static ProbedGuest of(GuestImage image) {
        return new ProbedGuest(image, BootParameters.lines(Set.of(), Trigger.EDGE));
    }

    /** One that is ordered to open a line. */
    static ProbedGuest of(GuestImage image, int line, Trigger trigger) {
        return new ProbedGuest(image, BootParameters.lines(Set.of(line), trigger));
    }

    Machine machine() {
        return machine;
    }

    /** Has something done on the vCPU's thread at each READY, while the guest waits. Before {@link #start}. */
    void atReady(Runnable deed) {
        atReady = deed;
    }

    /** Lets the guest run, and returns when it has rung READY this often. */
    void start(int times) {
        machine.start();
        awaitOrBreak(() -> readies >= times, "the guest was not ready in time");
    }

    /** Sends the guest's LAPIC a message: fixed, edge. */
    void send(int vector) {
        machine.injectors().message(MsiMessage.fixed(BOOT_APIC_ID, vector)).inject();
    }

    void awaitTaken(int vector) {
        awaitOrBreak(() -> taken[vector] > 0, "vector 0x%x was not taken in time".formatted(vector));
    }

    /** @return whether the vector was taken before the guest ended */
    boolean isTakenBeforeEnd(int vector) {
        await(() -> taken[vector] > 0 || end != null,
                "neither vector 0x%x nor an end came in time".formatted(vector));
        return count(vector) > 0;
    }

    /** How often the vector was taken. */
    synchronized int count(int vector) {
        return taken[vector];
    }

    /** How many interrupts were taken before the last READY. */
    synchronized int takenBeforeReady() {
        return takenBeforeReady;
    }

    /** How the guest ended. */
    synchronized String end() {
        return end;
    }

    /** Waits until the guest sleeps and nothing wakes it, and looks at it then. */
    GuestState lookAsleep() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        int asleep = 0;
        GuestState state;
        do {
            if (deadline - System.nanoTime() < 0) {
                throw new ProbeFailedException("the guest did not fall asleep in time");
            }
            pause();
            state = machine.look();
            asleep = state.halted() ? asleep + 1 : 0;
        } while (asleep < LOOKS_ASLEEP);
        return state;
    }

    private synchronized void awaitOrBreak(BooleanSupplier what, String otherwise) {
        await(() -> what.getAsBoolean() || end != null, otherwise);
        if (!what.getAsBoolean()) {
            throw new ProbeFailedException("the guest ended: " + end);
        }
    }

    private synchronized void await(BooleanSupplier what, String otherwise) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!what.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (failure != null || left <= 0) {
                throw new ProbeFailedException(failure != null ? failure : otherwise);
            }
            pause();
        }
    }

    /** A millisecond, or until the guest says something. */
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
        end("exception %d at 0x%x".formatted(vector, machine.mailbox().faultRip()));
    }

    @Override
    public void spurious(int vcpu, int vector) {
        // no probe provokes one
    }

    @Override
    public synchronized void ended(VcpuEnd ended) {
        switch (ended) {
            case VcpuEnd.Crashed(int vcpu, String how) -> end(how);
            case VcpuEnd.HostFailed(int vcpu, Throwable cause) -> {
                failure = String.valueOf(cause.getMessage());
                notifyAll();
            }
            case VcpuEnd.Stopped stopped -> {
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
