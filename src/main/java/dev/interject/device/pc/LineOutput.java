package dev.interject.device.pc;

/** The interrupt output of a device. Called under the device's lock; must not throw. */
@FunctionalInterface
public interface LineOutput {

    /** Drives the line; the same level twice changes nothing. */
    void set(boolean high);

    /** Takes the line high and low again; at a machine's controllers, nothing comes between. */
    default void pulse() {
        set(true);
        set(false);
    }
}
