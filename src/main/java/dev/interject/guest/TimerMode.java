package dev.interject.guest;

/** How a guest programs a timer in the kernel. */
public enum TimerMode {
    /** The PIT, periodically; KVM makes up for ticks that were missed. */
    PIT,
    /** The LAPIC's timer, rearmed for each tick. */
    ONE_SHOT,
    /** The LAPIC's timer, armed once; ticks that were missed are merged. */
    PERIODIC,
    /** The LAPIC's timer, rearmed for a value of the time-stamp counter. */
    DEADLINE
}
