package dev.interject.machine.vcpu;

import java.util.concurrent.atomic.AtomicInteger;

import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.VcpuEvents;

/** The NMIs that other threads request and the vCPU's thread makes pending. */
public final class NmiRequests {

    /** How many KVM keeps while none is handled (api.rst, KVM_NMI). */
    private static final int MOST_PENDING = 2;

    private final Vcpu vcpu;
    private final VcpuTrace trace;
    private final AtomicInteger wanted = new AtomicInteger();
    /** Only after the first is it worth an ioctl to ask whether one ends HLT. */
    private boolean everRequested;
    /** How many were made pending since the vCPU was in the guest. */
    private int sinceEntry;

    NmiRequests(Vcpu vcpu, VcpuTrace trace) {
        this.vcpu = vcpu;
        this.trace = trace;
    }

    /** How many to make pending before the next entry; a thread that adds to it must kick. */
    public AtomicInteger wanted() {
        return wanted;
    }

    // --- the vCPU's thread

    /** Makes each pending by a {@code KVM_NMI} of its own, so that the kernel collapses them by its own rule. */
    public void request() {
        for (int left = wanted.get() == 0 ? 0 : wanted.getAndSet(0); left > 0; left--) {
            long since = trace.now();
            vcpu.nmi();
            trace.nmiRequested(since);
            everRequested = true;
            sinceEntry++;
        }
    }

    /** As many were made pending otherwise, and none besides. */
    public void set(int count) {
        sinceEntry = count;
        everRequested = true;
    }

    /** The vCPU enters the guest, which takes what is pending. */
    void enter() {
        sinceEntry = 0;
    }

    /** How many are pending; kernels before 6.4 report 1 for two. */
    public int pending(VcpuEvents events) {
        return events.nmiPending() && !events.nmiMasked()
                ? Math.max(events.nmisPending(), Math.min(sinceEntry, MOST_PENDING))
                : events.nmisPending();
    }

    /** Whether a pending one ends HLT. An NMI that arrived in the handler of another waits during HLT exits. */
    boolean endHalt() {
        return everRequested && vcpu.canTakeNmi();
    }
}
