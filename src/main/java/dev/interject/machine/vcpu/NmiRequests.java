package dev.interject.machine.vcpu;

import java.util.concurrent.atomic.AtomicInteger;

import dev.interject.kvm.Vcpu;

/** The NMIs that other threads want, which the vCPU's thread asks the kernel for. */
public final class NmiRequests {

    private final Vcpu vcpu;
    private final VcpuTrace trace;
    private final AtomicInteger wanted = new AtomicInteger();
    /** HLT exits even while an NMI waits that arrived in the handler of another; only then is it worth a look. */
    private boolean everAsked;

    NmiRequests(Vcpu vcpu, VcpuTrace trace) {
        this.vcpu = vcpu;
        this.trace = trace;
    }

    /** How many are to be asked for before the vCPU enters the guest again; whoever adds to it kicks. */
    public AtomicInteger wanted() {
        return wanted;
    }

    // --- the vCPU's thread

    /**
     * Each is an ioctl of its own, so that the kernel sees as many as there are, and collapses them by its own rule.
     */
    public void ask() {
        for (int left = wanted.get() == 0 ? 0 : wanted.getAndSet(0); left > 0; left--) {
            long since = trace.now();
            vcpu.nmi();
            trace.nmiRequested(since);
            everAsked = true;
        }
    }

    /** Whether one that was asked for ends HLT. */
    boolean endHalt() {
        return everAsked && vcpu.canTakeNmi();
    }
}
