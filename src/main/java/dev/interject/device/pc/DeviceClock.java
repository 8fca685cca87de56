package dev.interject.device.pc;

/** The time for devices. */
public interface DeviceClock {

    /** Nanoseconds from an arbitrary origin; never goes back. */
    long nanoTime();

    /** The real time, in milliseconds since 1970. */
    long currentTimeMillis();

    /** A timer that is off. What it runs must be short; it runs on a thread of the clock. */
    DeviceTimer timer(Runnable due);
}
