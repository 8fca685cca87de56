package dev.interject.reliability;

/**
 * How much is tried: a sample in an ordinary build, all of it with {@code -Dinterject.share=1}, as
 * {@code scripts/reliability} sets it.
 */
final class Amount {

    private static final int LEAST = 10;
    private static final double SHARE = Double.parseDouble(System.getProperty("interject.share", "0.002"));

    private Amount() {}

    /** The share of a full amount, at least ten. */
    static int of(int full) {
        return (int) Math.max(LEAST, Math.round(full * SHARE));
    }

    /** Whether all is tried. Only then do times count: a sample runs beside other tests. */
    static boolean isFull() {
        return SHARE >= 1;
    }
}
