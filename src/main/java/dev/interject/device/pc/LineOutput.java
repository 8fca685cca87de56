package dev.interject.device.pc;

/** The interrupt output of a device. Called under the device's lock; must not throw. */
@FunctionalInterface
public interface LineOutput {

    /** Drives the line; the same level twice changes nothing. */
    void set(boolean high);
}
