package dev.interject.interrupt.inject;

import java.util.OptionalInt;
import java.util.function.LongSupplier;

import dev.interject.kvm.Vcpu;
import dev.interject.trace.Recorder;

/**
 * Injects vectors by {@code KVM_INTERRUPT}: at most one at a time, and only in an injection window.
 *
 * <p>The kernel does not check: {@code KVM_INTERRUPT} is accepted whatever RFLAGS.IF says, and a
 * second one before {@code KVM_RUN} overwrites the first. So a vector goes in only when the last run left
 * {@code ready_for_interrupt_injection} set, which the kernel does only with IF=1, no shadow and nothing queued, and
 * only one goes in before the next run. On the vCPU's thread; allocates nothing.
 */
public final class InterruptWindow {

    private static final int NONE = -1;
    private static final int VECTORS = 256;

    private final Vcpu vcpu;
    private final ExternalInterrupts raw;
    private final ExternalInterrupts pic;
    private final int number;
    private final Recorder recorder;
    private final LongSupplier injected;
    /** By vector. */
    private final long[] queued = new long[VECTORS];
    /** A vector was queued since the last run, so that run's {@code ready_for_interrupt_injection} is out of date. */
    private boolean spent;
    /** A window is requested. */
    private boolean requested;
    /** Queued whether the guest could take it or not; what the kernel counted as injected then. */
    private int forced = NONE;
    private long injectedBefore;
    /** Acknowledged, but refused by a kernel that already held one (split irqchip); injected first next time. */
    private int acknowledged = NONE;

    /**
     * @param raw    vectors given by number, which go first
     * @param pic    vectors from the 8259 pair in user space
     * @param number the vCPU's, for the recorder
     * @param injected how many interrupts the kernel has injected into the vCPU ({@code irq_injections}); it is asked
     *                 where a vector is queued whether the window is open or not
     */
    public InterruptWindow(Vcpu vcpu, ExternalInterrupts raw, ExternalInterrupts pic, int number, Recorder recorder,
            LongSupplier injected) {
        this.injected = injected;
        this.number = number;
        this.recorder = recorder;
        this.vcpu = vcpu;
        this.raw = raw;
        this.pic = pic;
    }

    /** Whether the guest would take an interrupt now. */
    public boolean isOpen() {
        return !spent && vcpu.readyForInterruptInjection();
    }

    /** Whether an interrupt waits and the window is open for it. */
    public boolean canInject() {
        return isOpen() && isWaiting();
    }

    private boolean isWaiting() {
        return acknowledged != NONE || raw.isPending() || pic.isPending();
    }

    /** Withdraws the vector if it was acknowledged and not yet queued; returns whether it was. */
    public boolean withdraw(int vector) {
        boolean held = acknowledged == vector;
        acknowledged = held ? NONE : acknowledged;
        return held;
    }

    /**
     * To be called before each run: queues a waiting vector if the window is open, and requests a window for the
     * rest.
     *
     * @param asked whether a window is wanted even where nothing waits for it
     * @return whether a vector is queued for the vCPU, so that it wakes from HLT
     */
    public boolean beforeRun(boolean asked) {
        if (canInject()) {
            int vector = acknowledged != NONE ? acknowledged : raw.isPending() ? raw.acknowledge() : pic.acknowledge();
            acknowledged = queue(vector) ? NONE : vector;
            spent = true;
        }
        request(asked || isWaiting());
        return spent;
    }

    private boolean queue(int vector) {
        long since = recorder.now();
        boolean accepted = vcpu.tryInterrupt(vector);
        recorder.vectorQueued(number, since, vector, accepted);
        queued[vector] += accepted ? 1 : 0;
        return accepted;
    }

    private void request(boolean wanted) {
        if (wanted && !requested) {
            recorder.windowRequested(number);
        }
        requested = wanted;
        vcpu.requestInterruptWindow(wanted);
    }

    /** How many times this vector was queued for the vCPU in a window. */
    public long queued(int vector) {
        return queued[vector];
    }

    /** Queues a vector whether the window is open or not. Only for forced runs. */
    public void interruptNow(int vector) {
        long since = recorder.now();
        vcpu.interrupt(vector);
        recorder.vectorQueued(number, since, vector, true);
        spent = true;
        forced = vector;
        injectedBefore = injected.getAsLong();
    }

    /**
     * The vector of {@link #interruptNow} that a LAPIC in the kernel holds, and that the kernel does not show; empty
     * once the kernel has injected something, which is this vector if LINT0 lets it through.
     *
     * @param passes whether LINT0 lets it through
     */
    public OptionalInt heldByKernel(boolean passes) {
        if (forced != NONE && passes && injected.getAsLong() != injectedBefore) {
            forced = NONE;
        }
        return forced == NONE ? OptionalInt.empty() : OptionalInt.of(forced);
    }

    /** To be called after each run: the kernel's readiness is up to date. */
    public void afterRun() {
        spent = false;
    }

    /** The vector that was taken from its controller and refused by the kernel; it goes first. */
    public OptionalInt heldHere() {
        return acknowledged == NONE ? OptionalInt.empty() : OptionalInt.of(acknowledged);
    }
}
