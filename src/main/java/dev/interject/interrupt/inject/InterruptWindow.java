package dev.interject.interrupt.inject;

import dev.interject.kvm.Vcpu;
import dev.interject.trace.Recorder;

/**
 * The door of the legacy way: gives the vCPU at most one vector at a time, and only in an injection window.
 *
 * <p>The kernel does not protect the guest here: {@code KVM_INTERRUPT} is accepted whatever RFLAGS.IF says, and a
 * second one before {@code KVM_RUN} overwrites the first. So a vector goes in only when the last run left
 * {@code ready_for_interrupt_injection} set, which the kernel does only with IF=1, no shadow and nothing queued, and
 * only one goes in before the next run. On the vCPU's thread; allocates nothing.
 */
public final class InterruptWindow {

    private static final int NONE = -1;

    private final Vcpu vcpu;
    private final ExternalInterrupts raw;
    private final ExternalInterrupts pic;
    private final int number;
    private final Recorder recorder;
    /** One was queued since the last run, so what that run said of readiness is out of date. */
    private boolean spent;
    /** A window is asked for. */
    private boolean requested;
    /** Acknowledged, and turned down by the kernel, which held one already (split irqchip): goes first next time. */
    private int inHand = NONE;

    /**
     * @param raw    vectors given by number, which go first
     * @param pic    vectors from our 8259 pair
     * @param number the vCPU's, for the recorder
     */
    public InterruptWindow(Vcpu vcpu, ExternalInterrupts raw, ExternalInterrupts pic, int number, Recorder recorder) {
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
        return inHand != NONE || raw.isPending() || pic.isPending();
    }

    /** Takes back a vector that was acknowledged and could not be handed on yet; says whether there was one. */
    public boolean withdraw(int vector) {
        boolean held = inHand == vector;
        inHand = held ? NONE : inHand;
        return held;
    }

    /**
     * To be called before each run: queues what waits, if the window is open, and asks for a window for what still
     * waits.
     *
     * @param asked whether a window is wanted even where nothing waits for it
     * @return whether a vector is queued for the vCPU, so that it wakes from HLT
     */
    public boolean beforeRun(boolean asked) {
        if (canInject()) {
            int vector = inHand != NONE ? inHand : raw.isPending() ? raw.acknowledge() : pic.acknowledge();
            inHand = queue(vector) ? NONE : vector;
            spent = true;
        }
        request(asked || isWaiting());
        return spent;
    }

    private boolean queue(int vector) {
        long since = recorder.now();
        boolean accepted = vcpu.tryInterrupt(vector);
        recorder.vectorQueued(number, since, vector, accepted);
        return accepted;
    }

    private void request(boolean wanted) {
        if (wanted && !requested) {
            recorder.windowRequested(number);
        }
        requested = wanted;
        vcpu.requestInterruptWindow(wanted);
    }

    /** The guest's state was changed by hand: what the last run said of readiness is out of date. */
    public void invalidate() {
        spent = true;
    }

    /** Queues a vector whether the window is open or not. Only where the user has insisted. */
    public void interruptNow(int vector) {
        long since = recorder.now();
        vcpu.interrupt(vector);
        recorder.vectorQueued(number, since, vector, true);
        spent = true;
    }

    /** To be called after each run: what the kernel says of readiness is fresh again. */
    public void afterRun() {
        spent = false;
    }
}
