package dev.interject.interrupt;

/**
 * A line that a device of the machine at hand drives, so that nobody else may.
 *
 * @param line  0–15
 * @param owner the device, in words that finish "line 2 belongs to …"
 */
public record LineClaim(int line, String owner) {}
