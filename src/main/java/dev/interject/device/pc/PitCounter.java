package dev.interject.device.pc;

import java.util.OptionalLong;

/**
 * One counter of an 8254 (Intel 8254 data sheet). Its output is computed from the time since it was loaded. Departures:
 * it counts in binary only, and a new count is loaded at once in every mode.
 */
final class PitCounter {

    /** Ticks a second. */
    static final long HZ = 1_193_182;

    private static final long NANOS_A_SECOND = 1_000_000_000;
    private static final int LARGEST_COUNT = 0x10000;
    private static final int WORD = 0xffff;
    private static final int BYTE = 0xff;

    // Modes, with 6 and 7 read as 2 and 3
    private static final int TERMINAL_COUNT = 0;
    private static final int ONE_SHOT = 1;
    private static final int RATE = 2;
    private static final int SQUARE_WAVE = 3;
    private static final int HARDWARE_STROBE = 5;

    // Which bytes a count is read and written by
    private static final int LOW = 1;
    private static final int BOTH = 3;

    private static final int NOT_LATCHED = -1;

    private final DeviceClock clock;
    private int mode = SQUARE_WAVE;
    private int access = BOTH;
    private int count = LARGEST_COUNT;
    private long loaded;
    private boolean loadedOnce;
    private boolean gate = true;
    /** Ticks that were counted when the gate closed. */
    private long frozen;
    private int writtenLow = NOT_LATCHED;
    private boolean highNext;
    private int latchedCount = NOT_LATCHED;
    private int latchedStatus = NOT_LATCHED;

    PitCounter(DeviceClock clock) {
        this.clock = clock;
    }

    /** A control word for this counter. */
    void control(int newAccess, int newMode) {
        access = newAccess;
        mode = newMode > HARDWARE_STROBE ? newMode - 4 : newMode;
        writtenLow = NOT_LATCHED;
        highNext = false;
        loadedOnce = false;
    }

    /** Writes a byte of the count; returns whether the count is complete. */
    boolean write(int value) {
        if (access == BOTH && writtenLow == NOT_LATCHED) {
            writtenLow = value;
            return false;
        }
        int written = switch (access) {
            case LOW -> value;
            case BOTH -> value << Byte.SIZE | writtenLow;
            default -> value << Byte.SIZE;
        };
        writtenLow = NOT_LATCHED;
        count = written == 0 ? LARGEST_COUNT : written;
        loadedOnce = true;
        restart();
        return true;
    }

    private void restart() {
        loaded = clock.nanoTime();
        frozen = 0;
    }

    int read() {
        if (latchedStatus != NOT_LATCHED) {
            int status = latchedStatus;
            latchedStatus = NOT_LATCHED;
            return status;
        }
        int value = latchedCount == NOT_LATCHED ? value() : latchedCount;
        boolean high = access == BOTH ? highNext : access != LOW;
        highNext = access == BOTH && !highNext;
        if (!highNext) {
            latchedCount = NOT_LATCHED;
        }
        return high ? value >> Byte.SIZE : value & BYTE;
    }

    void latchCount() {
        if (latchedCount == NOT_LATCHED) {
            latchedCount = value();
        }
    }

    void latchStatus() {
        if (latchedStatus == NOT_LATCHED) {
            latchedStatus = (output() ? 1 << 7 : 0) | (loadedOnce ? 0 : 1 << 6) | access << 4 | mode << 1;
        }
    }

    /** Drives the GATE input. */
    void gate(boolean high) {
        boolean retriggers = mode == ONE_SHOT || mode == HARDWARE_STROBE;
        if (high && !gate && (retriggers || mode == RATE || mode == SQUARE_WAVE)) {
            restart();
        } else if (high != gate && !retriggers) {
            if (high) {
                loaded = clock.nanoTime() - nanos(frozen);
            } else {
                frozen = ticks();
            }
        }
        gate = high;
    }

    boolean gate() {
        return gate;
    }

    private boolean isFrozen() {
        return !gate && mode != ONE_SHOT && mode != HARDWARE_STROBE;
    }

    private long ticks() {
        if (isFrozen()) {
            return frozen;
        }
        long since = Math.max(0, clock.nanoTime() - loaded);
        return since / NANOS_A_SECOND * HZ + since % NANOS_A_SECOND * HZ / NANOS_A_SECOND;
    }

    private static long nanos(long ticks) {
        // rounded up, so that a tick is over at its time
        return ticks / HZ * NANOS_A_SECOND + (ticks % HZ * NANOS_A_SECOND + HZ - 1) / HZ;
    }

    private int value() {
        long ticks = ticks();
        return (int) switch (mode) {
            case RATE -> count - ticks % count & WORD;
            case SQUARE_WAVE -> count - 2 * ticks % count & WORD;
            default -> count - ticks & WORD;
        };
    }

    /** The OUT pin. */
    boolean output() {
        long ticks = ticks();
        return switch (mode) {
            case TERMINAL_COUNT, ONE_SHOT -> loadedOnce && ticks >= count;
            case RATE -> ticks % count != count - 1;
            case SQUARE_WAVE -> ticks % count < (count + 1) / 2;
            default -> ticks != count;
        };
    }

    /** When OUT rises next; empty if it does not. */
    OptionalLong nextRise() {
        if (!loadedOnce || isFrozen()) {
            return OptionalLong.empty();
        }
        long ticks = ticks();
        return switch (mode) {
            case RATE, SQUARE_WAVE -> at((ticks / count + 1) * count);
            case TERMINAL_COUNT, ONE_SHOT -> ticks < count ? at(count) : OptionalLong.empty();
            default -> ticks <= count ? at(count + 1L) : OptionalLong.empty();
        };
    }

    private OptionalLong at(long tick) {
        return OptionalLong.of(loaded + nanos(tick));
    }
}
