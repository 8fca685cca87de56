package dev.interject.interrupt.inject;

import dev.interject.kvm.EventFd;
import dev.interject.trace.Recorder;

/** An eventfd that drives a line or sends a message ({@code KVM_IRQFD}). */
public final class IrqfdInjector implements Injector {

    private final EventFd event;
    private final EventFd resample;
    private final Runnable rebind;
    private final Recorder recorder;
    private boolean asserted;

    private IrqfdInjector(EventFd event, EventFd resample, Runnable rebind, Recorder recorder) {
        this.recorder = recorder;
        this.event = event;
        this.resample = resample;
        this.rebind = rebind;
    }

    /**
     * Each signal is a pulse.
     *
     * @param rebind unbinds the eventfd, which waits for its pending signals, and binds it again
     */
    public static IrqfdInjector edge(EventFd event, Runnable rebind, Recorder recorder) {
        return new IrqfdInjector(event, null, rebind, recorder);
    }

    /** Each signal takes the line high; the guest's EOI takes it low again and signals {@code resample}. */
    public static IrqfdInjector level(EventFd event, EventFd resample, Recorder recorder) {
        return new IrqfdInjector(event, resample, () -> {}, recorder);
    }

    @Override
    public int inject() {
        asserted = resample != null;
        long since = recorder.now();
        event.signal();
        recorder.eventfdSignalled(since);
        return NO_STATUS;
    }

    /** On a level: whether the kernel has reported the EOI of the previous interrupt. */
    @Override
    public boolean isSettled() {
        asserted &= !consumeResample();
        return !asserted;
    }

    /** Whether the kernel has reported an EOI since the last time; never on an edge. */
    public boolean consumeResample() {
        boolean ended = resample != null && resample.consume() > 0;
        if (ended) {
            recorder.resampleSignalled();
        }
        return ended;
    }

    /** The kernel has lowered the line at the EOI: a device that still asserts it raises it again. */
    @Override
    public void holdOn() {
        inject();
    }

    @Override
    public void drain() {
        rebind.run();
    }

    @Override
    public void release() {
        // with a resample eventfd the kernel takes the line low itself, at the EOI
    }
}
