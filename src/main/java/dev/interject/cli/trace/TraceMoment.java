package dev.interject.cli.trace;

/**
 * One line of a timeline.
 *
 * @param nanos when, by {@link System#nanoTime()}
 * @param lane  whose: 0 the host's, 1 the controllers', from 2 the vCPUs'
 */
record TraceMoment(long nanos, int lane, String text) {

    static final int HOST = 0;
    static final int CONTROLLERS = 1;
    private static final int FIRST_VCPU = 2;

    static int laneOfVcpu(int vcpu) {
        return FIRST_VCPU + vcpu;
    }

    /** Whether it says the same of the same one, whenever. */
    boolean isLike(TraceMoment other) {
        return lane == other.lane && text.equals(other.text);
    }
}
