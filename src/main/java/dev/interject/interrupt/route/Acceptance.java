package dev.interject.interrupt.route;

/** What the controllers did with an interrupt, as far as the status of its injection says. */
public enum Acceptance {
    /** They took it, or say nothing to the contrary. */
    ACCEPTED,
    /** They merged it with one that still waits. */
    COALESCED,
    /** They did not take it. */
    IGNORED
}
