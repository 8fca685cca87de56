package dev.interject.trace;

/**
 * Records events from any thread into memory allocated beforehand. Recording allocates nothing, takes no lock and never
 * waits. A recorder that is off costs one branch per event.
 *
 * <p>An event with a duration is recorded at its end; {@code since} is the value of {@link #now} at its beginning. Any
 * other is an instant. vCPUs are numbered from 0; vectors are 0 to 255.
 */
public final class Recorder {

    private static final Recorder OFF = new Recorder(false, 0);

    private static final int NO_VCPU = 0;

    private final boolean on;
    private final Ring ring;

    private Recorder(boolean on, int capacity) {
        this.on = on;
        this.ring = new Ring(capacity);
    }

    /** The recorder that records nothing. */
    public static Recorder off() {
        return OFF;
    }

    /**
     * A recorder with room for {@code capacity} events of 48 bytes each; further events are counted and dropped.
     *
     * @param capacity 0 or more
     */
    public static Recorder of(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity must be 0 or more, not " + capacity);
        }
        return new Recorder(true, capacity);
    }

    /** Whether it records. */
    public boolean isOn() {
        return on;
    }

    /** {@link System#nanoTime()}, or 0 without reading the clock when the recorder is off. */
    public long now() {
        return on ? System.nanoTime() : 0;
    }

    /** All events so far. Call it when no thread records any more. */
    public Recording recording() {
        return Recording.of(ring);
    }

    // --- the host

    /** Records {@link HostEvent.GatesChecked}. */
    public void gatesChecked(long since) {
        span(EventKind.GATES_CHECKED, NO_VCPU, since, 0, 0);
    }

    /** Records {@link HostEvent.MomentReached}. */
    public void momentReached(long since) {
        span(EventKind.MOMENT_REACHED, NO_VCPU, since, 0, 0);
    }

    /** Records {@link HostEvent.Injected}. */
    public void injected(long since, int index, int status) {
        span(EventKind.INJECTED, NO_VCPU, since, status, index);
    }

    /** Records {@link HostEvent.Refused}. */
    public void refused(int index, int errno) {
        instant(EventKind.REFUSED, NO_VCPU, errno, index, 0);
    }

    /** Records {@link HostEvent.Kicked}. */
    public void kicked(int vcpu, long since, KickEffect effect) {
        span(EventKind.KICKED, vcpu, since, effect.ordinal(), 0);
    }

    /** Records {@link HostEvent.HandlerAcknowledged}. */
    public void handlerAcknowledged(int vcpu, int vector) {
        instant(EventKind.HANDLER_ACKNOWLEDGED, vcpu, vector, 0, 0);
    }

    /** Records {@link HostEvent.CountsRead}. */
    public void countsRead(long since) {
        span(EventKind.COUNTS_READ, NO_VCPU, since, 0, 0);
    }

    // --- the interrupt controllers

    /** Records {@link ControllerEvent.LineRaised}. */
    public void lineRaised(long since, int line, int status) {
        span(EventKind.LINE_RAISED, NO_VCPU, since, status, line);
    }

    /** Records {@link ControllerEvent.LineLowered}. */
    public void lineLowered(long since, int line) {
        span(EventKind.LINE_LOWERED, NO_VCPU, since, 0, line);
    }

    /** Records {@link ControllerEvent.MessageSent}. */
    public void messageSent(long since, int status) {
        span(EventKind.MESSAGE_SENT, NO_VCPU, since, status, 0);
    }

    /** Records {@link ControllerEvent.EventfdSignalled}. */
    public void eventfdSignalled(long since) {
        span(EventKind.EVENTFD_SIGNALLED, NO_VCPU, since, 0, 0);
    }

    /** Records {@link ControllerEvent.VectorAcknowledged}. */
    public void vectorAcknowledged(int vector) {
        instant(EventKind.VECTOR_ACKNOWLEDGED, NO_VCPU, vector, 0, 0);
    }

    /** Records {@link ControllerEvent.PicEoi}. */
    public void picEoi(boolean slave) {
        instant(EventKind.PIC_EOI, NO_VCPU, flag(slave), 0, 0);
    }

    /** Records {@link ControllerEvent.IoapicEoi}. */
    public void ioapicEoi(int vector) {
        instant(EventKind.IOAPIC_EOI, NO_VCPU, vector, 0, 0);
    }

    /** Records {@link ControllerEvent.ResampleSignalled}. */
    public void resampleSignalled() {
        instant(EventKind.RESAMPLE_SIGNALLED, NO_VCPU, 0, 0, 0);
    }

    /** Records {@link ControllerEvent.Coalesced}. */
    public void coalesced(int vector, int count) {
        instant(EventKind.COALESCED, NO_VCPU, vector, count, 0);
    }

    // --- a vCPU, on its own thread

    /** Records {@link VcpuEvent.Ran}. */
    public void ran(int vcpu, long since, ExitCause cause) {
        span(EventKind.RAN, vcpu, since, cause.ordinal(), 0);
    }

    /** Records {@link VcpuEvent.Slept}. */
    public void slept(int vcpu, long since, boolean halted) {
        span(EventKind.SLEPT, vcpu, since, flag(halted), 0);
    }

    /** Records {@link VcpuEvent.PortAccessed}. */
    public void portAccessed(int vcpu, int port, int width, boolean write, int value) {
        instant(write ? EventKind.PORT_WRITTEN : EventKind.PORT_READ, vcpu, width, port, value);
    }

    /** Records {@link VcpuEvent.MemoryAccessed}. */
    public void memoryAccessed(int vcpu, long address, int width, boolean write, long value) {
        instant(write ? EventKind.MEMORY_WRITTEN : EventKind.MEMORY_READ, vcpu, width, address, value);
    }

    /** Records {@link VcpuEvent.WindowRequested}. */
    public void windowRequested(int vcpu) {
        instant(EventKind.WINDOW_REQUESTED, vcpu, 0, 0, 0);
    }

    /** Records {@link VcpuEvent.VectorQueued}. */
    public void vectorQueued(int vcpu, long since, int vector, boolean accepted) {
        span(EventKind.VECTOR_QUEUED, vcpu, since, flag(accepted), vector);
    }

    /** Records {@link VcpuEvent.NmiRequested}. */
    public void nmiRequested(int vcpu, long since) {
        span(EventKind.NMI_REQUESTED, vcpu, since, 0, 0);
    }

    /** Records a {@link HandlerStamp} of a handler that was entered. */
    public void handlerEntered(int vcpu, int vector, long counter) {
        stamp(EventKind.HANDLER_ENTERED, vcpu, vector, counter);
    }

    /** Records a {@link HandlerStamp} of a handler that was left. */
    public void handlerLeft(int vcpu, int vector, long counter) {
        stamp(EventKind.HANDLER_LEFT, vcpu, vector, counter);
    }

    /**
     * Records a {@link HandlerSeen}.
     *
     * @param index of the interrupt, or {@link HandlerSeen#OF_NONE}
     */
    public void handlerSeen(int vcpu, int vector, long nanos, int index) {
        if (on) {
            ring.write(EventKind.HANDLER_SEEN, vcpu, nanos, nanos, vector, index, 0);
        }
    }

    private void span(EventKind kind, int vcpu, long since, int small, long first) {
        if (on) {
            ring.write(kind, vcpu, since, System.nanoTime(), small, first, 0);
        }
    }

    private void instant(EventKind kind, int vcpu, int small, long first, long second) {
        if (on) {
            long now = System.nanoTime();
            ring.write(kind, vcpu, now, now, small, first, second);
        }
    }

    /** A stamp has no host time. */
    private void stamp(EventKind kind, int vcpu, int vector, long counter) {
        if (on) {
            ring.write(kind, vcpu, 0, 0, vector, counter, 0);
        }
    }

    private static int flag(boolean value) {
        return value ? 1 : 0;
    }
}
