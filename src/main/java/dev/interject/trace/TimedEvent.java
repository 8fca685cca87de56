package dev.interject.trace;

/** An event that the host observed, timed by {@link System#nanoTime()}. */
public sealed interface TimedEvent extends TraceEvent permits HostEvent, ControllerEvent, VcpuEvent {

    /** When it began, in nanoseconds. */
    long begin();

    /** When it ended, in nanoseconds; equal to {@link #begin} for an instant. */
    long end();
}
