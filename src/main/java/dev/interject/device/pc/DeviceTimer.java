package dev.interject.device.pc;

/** Runs something at a time. */
public interface DeviceTimer {

    /** Runs once at a time of {@link DeviceClock#nanoTime}, at once if that is past; an earlier setting is dropped. */
    void arm(long nanoTime);

    /** Does not run. */
    void disarm();
}
