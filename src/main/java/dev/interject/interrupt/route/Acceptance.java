package dev.interject.interrupt.route;

/** What the controllers did with an interrupt, according to the status of its injection. */
public enum Acceptance {
    /** They accepted it, or report no status. */
    ACCEPTED,
    /** They merged it with one that is still pending. */
    COALESCED,
    /** They did not accept it. */
    IGNORED
}
