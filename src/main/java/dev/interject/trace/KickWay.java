package dev.interject.trace;

/** What a kick had to do to bring a vCPU out. */
public enum KickWay {
    /** It was in the guest, or about to enter: a signal was sent, unless one was on its way. */
    SIGNALLED,
    /** Its thread slept, since the guest is halted: it was woken. */
    WOKEN,
    /** It was out already: it looks before it enters the guest again. */
    OUT
}
