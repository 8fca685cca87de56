package dev.interject.interrupt.inject;

import java.util.concurrent.atomic.AtomicInteger;

/** The lines that Interject holds high. The kernel hides the level of an IOAPIC pin that has sent its edge. */
public final class LineLevels {

    private final AtomicInteger high = new AtomicInteger();

    /** All low. */
    public LineLevels() {}

    /** @param line 0–23; others are ignored */
    public void set(int line, boolean isHigh) {
        if (line >= 0 && line < Integer.SIZE) {
            int bit = 1 << line;
            int before;
            do { // a lambda for updateAndGet() would be an object a call
                before = high.get();
            } while (!high.compareAndSet(before, isHigh ? before | bit : before & ~bit));
        }
    }

    /** Sets all lines: line n is bit n. */
    public void setAll(int levels) {
        high.set(levels);
    }

    /** All are low. */
    public void forget() {
        setAll(0);
    }

    /** Line n in bit n. */
    public int high() {
        return high.get();
    }
}
