package dev.interject.machine.vcpu;

import java.util.Optional;

import dev.interject.interrupt.inject.InterruptWindow;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.MpState;

/** Whether a guest sleeps, and whether something ends its sleep. For the vCPU's thread, and before it starts. */
public final class GuestSleep {

    /** The kernel moves a timer's tick into the IRR after it has looked whether something there ends HLT. */
    private static final int LOOKS = 2;
    private static final int MOST_KICKS = 1000;

    private final Vcpu vcpu;
    private final GuestEntry entry;
    private final Optional<InterruptWindow> window;
    private final NmiRequests nmis;

    GuestSleep(Vcpu vcpu, GuestEntry entry, Optional<InterruptWindow> window, NmiRequests nmis) {
        this.vcpu = vcpu;
        this.entry = entry;
        this.window = window;
        this.nmis = nmis;
    }

    /** Whether the guest sleeps in an HLT that exited to user space. */
    public boolean isHalted() {
        return entry.isHalted();
    }

    /** Has the guest sleep in such an HLT, or ends it. */
    public void setHalted(boolean halted) {
        entry.setHalted(halted);
    }

    /**
     * Has the kernel look for what is pending: a timer that has expired arrives in the LAPIC's IRR, and what can be
     * taken ends HLT, or is queued. Executes nothing.
     */
    public void deliverPending() {
        nmis.request();
        for (int looks = 0; looks < LOOKS; looks++) {
            int kicks = 0;
            do { // with immediate_exit, which a thread may set at any time, the kernel would not look
                vcpu.setImmediateExit(false);
                entry.exitBeforeFirstInstruction();
            } while (vcpu.immediateExit() && ++kicks < MOST_KICKS);
        }
    }

    /**
     * Whether the guest sleeps, or waits to be started, and nothing that is pending ends that. Has the kernel look for
     * it, so the answer does not depend on when it is asked.
     *
     * @param lapicInKernel whether HLT is handled in the kernel
     */
    public boolean lasts(boolean lapicInKernel) {
        if (!lapicInKernel) {
            nmis.request();
            return entry.isHalted() && !window.orElseThrow().canInject() && !nmis.endHalt();
        }
        deliverPending();
        MpState state = vcpu.mpState();
        return state != MpState.RUNNABLE && window.filter(InterruptWindow::canInject).isEmpty();
    }
}
