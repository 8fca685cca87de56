package dev.interject.interrupt.inject;

import java.util.concurrent.atomic.AtomicInteger;

/** A non-maskable interrupt ({@code KVM_NMI}), which only the vCPU's own thread can request without waiting. */
public final class NmiInjector implements Injector {

    private final AtomicInteger wanted;
    private final Kick kick;

    /** @param wanted how many NMIs the vCPU's thread requests before it enters the guest again */
    public NmiInjector(AtomicInteger wanted, Kick kick) {
        this.wanted = wanted;
        this.kick = kick;
    }

    @Override
    public int inject() {
        wanted.incrementAndGet();
        kick.kick();
        return NO_STATUS;
    }

    @Override
    public void release() {
        // an NMI has no level
    }
}
