package dev.interject.trace;

/** What a kick did to make a vCPU leave the guest. */
public enum KickEffect {
    /** The vCPU was in the guest or about to enter it: a signal was sent, unless one was already pending. */
    SIGNALLED,
    /** The guest was halted and its thread slept: the thread was woken. */
    WOKEN,
    /** The vCPU was already outside the guest: it checks for requests before the next entry. */
    ALREADY_OUT
}
