package dev.interject.interrupt.inject;

import java.util.function.IntPredicate;

/** Calls {@code KVM_INTERRUPT} at once, whether the guest can take an interrupt or not. */
public final class ForcedVectorInjector implements Injector {

    private final int vector;
    private final IntPredicate interruptNow;
    private int whileClosed;

    /**
     * @param interruptNow stops the vCPU, calls {@code KVM_INTERRUPT} with the vector, lets it run on, and says whether
     *                     the guest had IF=1
     */
    public ForcedVectorInjector(int vector, IntPredicate interruptNow) {
        this.vector = vector;
        this.interruptNow = interruptNow;
    }

    @Override
    public int inject() {
        if (!interruptNow.test(vector)) {
            whileClosed++;
        }
        return NO_STATUS;
    }

    /** How many of them the kernel accepted while the guest had IF=0. */
    public int whileClosed() {
        return whileClosed;
    }

    @Override
    public void release() {
        // a vector has no line
    }
}
