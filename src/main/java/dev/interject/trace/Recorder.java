package dev.interject.trace;

/**
 * Takes note of what happens, from any thread, in room made beforehand. Allocates nothing, locks nothing, and never
 * waits. One that is off does nothing, and costs a branch.
 *
 * <p>What takes time is noted when it is over: {@code since} is what {@link #now} said before. What takes none is noted
 * as it happens. vCPUs are numbered from 0, vectors are 0 to 255.
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

    /** The one that records nothing. */
    public static Recorder off() {
        return OFF;
    }

    /** @param capacity for how many events there is room, 0 or more; later ones are counted, and dropped */
    public static Recorder of(int capacity) {
        return new Recorder(true, capacity);
    }

    public boolean isOn() {
        return on;
    }

    /** {@link System#nanoTime()} while it is on; 0, without a look at the clock, while it is off. */
    public long now() {
        return on ? System.nanoTime() : 0;
    }

    /** All that was recorded. When nobody writes any more. */
    public Recording recording() {
        return Recording.of(ring);
    }

    // --- the host

    /** See {@link HostEvent.Checked}. */
    public void checked(long since) {
        span(EventKind.CHECKED, NO_VCPU, since, 0, 0);
    }

    /** See {@link HostEvent.Injected}. */
    public void injected(long since, int index, int status) {
        span(EventKind.INJECTED, NO_VCPU, since, index, status);
    }

    /** See {@link HostEvent.Refused}. */
    public void refused(int index, int errno) {
        instant(EventKind.REFUSED, NO_VCPU, index, errno);
    }

    /** See {@link HostEvent.Kicked}. */
    public void kicked(int vcpu, long since, KickWay way) {
        span(EventKind.KICKED, vcpu, since, way.ordinal(), 0);
    }

    /** See {@link HostEvent.Heard}. */
    public void heard(int vcpu, int vector) {
        instant(EventKind.HEARD, vcpu, vector, 0);
    }

    /** See {@link HostEvent.Settled}. */
    public void settled(long since) {
        span(EventKind.SETTLED, NO_VCPU, since, 0, 0);
    }

    // --- the interrupt controllers

    /** See {@link ControllerEvent.LineDriven}, high. */
    public void lineRaised(long since, int line, int status) {
        span(EventKind.LINE_DRIVEN, 1, since, line, status);
    }

    /** See {@link ControllerEvent.LineDriven}, low. */
    public void lineLowered(long since, int line) {
        span(EventKind.LINE_DRIVEN, 0, since, line, 0);
    }

    /** See {@link ControllerEvent.MessageSent}. */
    public void messageSent(long since, int status) {
        span(EventKind.MESSAGE_SENT, NO_VCPU, since, status, 0);
    }

    /** See {@link ControllerEvent.EventfdSignalled}. */
    public void eventfdSignalled(long since) {
        span(EventKind.EVENTFD_SIGNALLED, NO_VCPU, since, 0, 0);
    }

    /** See {@link ControllerEvent.Acknowledged}. */
    public void acknowledged(int vector) {
        instant(EventKind.ACKNOWLEDGED, NO_VCPU, vector, 0);
    }

    /** See {@link ControllerEvent.PicEnded}. */
    public void picEnded(boolean slave) {
        instant(EventKind.PIC_ENDED, NO_VCPU, slave ? 1 : 0, 0);
    }

    /** See {@link ControllerEvent.IoapicEnded}. */
    public void ioapicEnded(int vector) {
        instant(EventKind.IOAPIC_ENDED, NO_VCPU, vector, 0);
    }

    /** See {@link ControllerEvent.Resampled}. */
    public void resampled() {
        instant(EventKind.RESAMPLED, NO_VCPU, 0, 0);
    }

    /** See {@link ControllerEvent.Merged}. */
    public void merged(int vector, int count) {
        instant(EventKind.MERGED, NO_VCPU, vector, count);
    }

    // --- a vCPU, on its own thread

    /** See {@link VcpuEvent.Ran}. */
    public void ran(int vcpu, long since, ExitCause cause) {
        span(EventKind.RAN, vcpu, since, cause.ordinal(), 0);
    }

    /** See {@link VcpuEvent.Slept}. */
    public void slept(int vcpu, long since) {
        span(EventKind.SLEPT, vcpu, since, 0, 0);
    }

    /** See {@link VcpuEvent.PortAccessed}. */
    public void port(int vcpu, int port, int width, boolean write, int value) {
        instant(write ? EventKind.PORT_WRITTEN : EventKind.PORT_READ, vcpu, (long) port << Byte.SIZE | width, value);
    }

    /** See {@link VcpuEvent.MemoryAccessed}. */
    public void memory(int vcpu, long address, int width, boolean write, long value) {
        if (on) { // three numbers: an instant needs no end, so the width has its place
            ring.write(write ? EventKind.MEMORY_WRITTEN : EventKind.MEMORY_READ, vcpu, System.nanoTime(), width,
                    address, value);
        }
    }

    /** See {@link VcpuEvent.WindowRequested}. */
    public void windowRequested(int vcpu) {
        instant(EventKind.WINDOW_REQUESTED, vcpu, 0, 0);
    }

    /** See {@link VcpuEvent.VectorQueued}. */
    public void vectorQueued(int vcpu, long since, int vector, boolean accepted) {
        span(EventKind.VECTOR_QUEUED, vcpu, since, vector, accepted ? 1 : 0);
    }

    /** See {@link VcpuEvent.NmiAsked}. */
    public void nmiAsked(int vcpu, long since) {
        span(EventKind.NMI_ASKED, vcpu, since, 0, 0);
    }

    /** See {@link HandlerStamp}. */
    public void handlerEntered(int vcpu, int vector, long counter) {
        stamp(EventKind.HANDLER_ENTERED, vcpu, vector, counter);
    }

    /** See {@link HandlerStamp}. */
    public void handlerLeft(int vcpu, int vector, long counter) {
        stamp(EventKind.HANDLER_LEFT, vcpu, vector, counter);
    }

    private void span(EventKind kind, int vcpu, long since, long first, long second) {
        if (on) {
            ring.write(kind, vcpu, since, System.nanoTime(), first, second);
        }
    }

    private void instant(EventKind kind, int vcpu, long first, long second) {
        if (on) {
            long now = System.nanoTime();
            ring.write(kind, vcpu, now, now, first, second);
        }
    }

    private void stamp(EventKind kind, int vcpu, int vector, long counter) {
        if (on) {
            ring.write(kind, vcpu, counter, counter, vector, 0);
        }
    }
}
