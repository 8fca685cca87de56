package dev.interject.machine.vcpu;

/**
 * Why a debugged guest stopped.
 *
 * @param breakpoint the index of the breakpoint that it is at, or {@value #STEP} after a single step
 */
record DebugStop(int breakpoint) {

    static final int STEP = -1;

    boolean isBreakpoint() {
        return breakpoint != STEP;
    }
}
