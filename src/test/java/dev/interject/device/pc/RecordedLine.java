package dev.interject.device.pc;

/** A line that counts its rising edges. */
final class RecordedLine implements LineOutput {

    private boolean high;
    private int rises;

    @Override
    public void set(boolean level) {
        rises += level && !high ? 1 : 0;
        high = level;
    }

    boolean isHigh() {
        return high;
    }

    int rises() {
        return rises;
    }
}
