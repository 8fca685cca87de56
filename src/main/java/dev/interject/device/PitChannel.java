package dev.interject.device;

/**
 * The state of one channel of an 8254, with the fields of KVM's {@code struct kvm_pit_channel_state}.
 *
 * @param count    the initial count, 1–65536, at 1.193182 MHz
 * @param mode     the counting mode, 0–5, or {@link #NO_MODE}
 * @param bcd      whether it counts in decimal, which KVM ignores
 * @param gate     the level of its GATE input; that of channel 0 is always high in a PC
 * @param loadTime when the count was loaded, in nanoseconds of the host's monotonic clock
 * @param access   what its ports expect and hold
 */
public record PitChannel(int count, int mode, boolean bcd, boolean gate, long loadTime, PitAccess access) {

    /** The largest count, which a guest writes as 0 (Intel 8254 data sheet, "Minimum and maximum initial counts"). */
    public static final int LARGEST_COUNT = 0x10000;

    /** The mode of a channel that the guest has not programmed. */
    public static final int NO_MODE = 0xff;

    private static final int RATE_GENERATOR = 2;
    private static final int SQUARE_WAVE = 3;
    private static final int LARGEST_MODE = 5;

    /**
     * Checks the count and the mode.
     *
     * @throws IllegalArgumentException if one is outside the range given above
     */
    public PitChannel {
        if (count < 1 || count > LARGEST_COUNT) {
            throw new IllegalArgumentException("count must be 1 to %d, not %d".formatted(LARGEST_COUNT, count));
        }
        if ((mode < 0 || mode > LARGEST_MODE) && mode != NO_MODE) {
            throw new IllegalArgumentException("mode must be 0 to %d, not %d".formatted(LARGEST_MODE, mode));
        }
    }

    /** Whether it starts its count again by itself: a rate or a square-wave generator. */
    public boolean isPeriodic() {
        return mode == RATE_GENERATOR || mode == SQUARE_WAVE;
    }

    /** This channel with another initial count. */
    public PitChannel withCount(int value) {
        return new PitChannel(value, mode, bcd, gate, loadTime, access);
    }

    /** This channel in another mode. */
    public PitChannel withMode(int value) {
        return new PitChannel(count, value, bcd, gate, loadTime, access);
    }

    /** This channel with another level of its GATE input. */
    public PitChannel withGate(boolean high) {
        return new PitChannel(count, mode, bcd, high, loadTime, access);
    }
}
