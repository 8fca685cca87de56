package dev.interject.interrupt;

import dev.interject.kvm.Vcpu;

/**
 * The door of the legacy way: gives the vCPU at most one vector at a time, and only in an injection window.
 *
 * <p>The kernel does not protect the guest here: {@code KVM_INTERRUPT} is accepted whatever RFLAGS.IF says, and a second one
 * before {@code KVM_RUN} overwrites the first. So a vector goes in only when the last run left
 * {@code ready_for_interrupt_injection} set, which the kernel does only with IF=1, no shadow and nothing queued, and only
 * once a run. On the vCPU's thread; allocates nothing.
 */
public final class InterruptWindow {

    private final Vcpu vcpu;
    private final ExternalInterrupts raw;
    private final ExternalInterrupts pic;

    /**
     * @param raw vectors given by number, which go first
     * @param pic vectors from our 8259 pair
     */
    public InterruptWindow(Vcpu vcpu, ExternalInterrupts raw, ExternalInterrupts pic) {
        this.vcpu = vcpu;
        this.raw = raw;
        this.pic = pic;
    }

    /** Whether an interrupt waits and the window is open for it. */
    public boolean canInject() {
        return vcpu.readyForInterruptInjection() && isWaiting();
    }

    private boolean isWaiting() {
        return raw.isPending() || pic.isPending();
    }

    /**
     * To be called once before each run.
     *
     * @param asked whether a window is wanted even where nothing waits for it
     * @return whether a vector was queued for the vCPU
     */
    public boolean beforeRun(boolean asked) {
        boolean injected = false;
        if (vcpu.readyForInterruptInjection()) {
            if (raw.isPending()) {
                vcpu.interrupt(raw.acknowledge());
                injected = true;
            } else if (pic.isPending()) {
                vcpu.interrupt(pic.acknowledge());
                injected = true;
            }
        }
        vcpu.requestInterruptWindow(asked || isWaiting());
        return injected;
    }
}
