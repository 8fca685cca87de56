package dev.interject.interrupt.inject;

/**
 * Hands interrupts over by one path. {@link #inject} is called by one thread at a time and allocates nothing where it
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
     * @throws dev.interject.linux.error.SystemCallException where the kernel refuses
     */
    int inject();

    /** Waits, for a bounded time, until the controllers are done with the one before. Before {@link #inject}. */
    default void settle() {}

    /** The handler has spoken, and the device behind a level-triggered line still asks. */
    default void holdOn() {
        // a line that stays high asks by itself
    }

    /** Returns when all that was handed over has reached the controllers, which some paths do behind our back. */
    default void drain() {}

    /** The handler has spoken: takes a level-triggered line low again. Nothing to do on the other paths. */
    void release();
}
