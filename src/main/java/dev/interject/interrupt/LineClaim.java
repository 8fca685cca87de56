package dev.interject.interrupt;

/**
 * A line that a device of the machine drives, so that no other may.
 *
 * @param line  0–15
 * @param owner the device, as a phrase that completes "line 2 belongs to …"
 */
public record LineClaim(int line, String owner) {}
