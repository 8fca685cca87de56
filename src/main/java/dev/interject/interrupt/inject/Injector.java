package dev.interject.interrupt.inject;

/**
 * Injects interrupts by one path. {@link #inject} is called by one thread at a time and allocates nothing where it
 * succeeds; {@link #release} may come from another.
 */
public sealed interface Injector permits KernelLineInjector, IrqfdInjector, MsiInjector, PicInjector, VectorInjector,
        ForcedVectorInjector, NmiInjector, IpiInjector,
        IoapicInjector {

    /** In place of a status, where no controller reports one. */
    int NO_STATUS = Integer.MIN_VALUE;

    /**
     * Injects one interrupt.
     *
     * @return what the controllers report: below 0 ignored, 0 coalesced, above 0 accepted; or {@link #NO_STATUS}
     * @throws dev.interject.linux.error.SystemCallException if the kernel refuses
     */
    int inject();

    /** Whether the controllers can take the next one: a line that is high until the guest's EOI cannot rise before. */
    default boolean isSettled() {
        return true;
    }

    /** The controllers can take the next one, and the device behind a level-triggered line still asserts it. */
    default void holdOn() {
        // a line that stays high interrupts again by itself
    }

    /** Returns when all interrupts have reached the controllers, which some paths do asynchronously. */
    default void drain() {}

    /** The handler has acknowledged: lowers a level-triggered line. Does nothing on the other paths. */
    void release();
}
