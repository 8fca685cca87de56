package dev.interject.interrupt.inject;

import java.util.concurrent.atomic.AtomicInteger;

/** A non-maskable interrupt ({@code KVM_NMI}), which only the vCPU's own thread can request without waiting. */
public final class NmiInjector implements Injector {

    private final AtomicInteger wanted;
    private final Kick kick;

    /** @param wanted how many the vCPU's thread is to ask for before it enters the guest again */
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
        // it has no level
    }
}
