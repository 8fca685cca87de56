package dev.interject.trace;

/** Something that the host saw, with its own clock: {@link System#nanoTime()}. */
public sealed interface TimedEvent extends TraceEvent permits HostEvent, ControllerEvent, VcpuEvent {

    /** When it began, in nanoseconds. */
    long begin();

    /** When it was over, in nanoseconds; the same for what takes no time. */
    long end();
}
