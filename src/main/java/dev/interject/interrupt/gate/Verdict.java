package dev.interject.interrupt.gate;

import java.util.Locale;

/** What a gate does to an interrupt. */
public enum Verdict {
    /** Lets it through. */
    OPEN,
    /** Merges it with one of the same that waits already. */
    COALESCES,
    /** Keeps it waiting; nothing breaks, and it goes on when the gate opens. */
    HOLDS,
    /** Drops it; nothing breaks, and nothing is left of it. */
    DROPS,
    /** Forced in now, it would break the guest; the gate opens when the guest opens. */
    NOT_NOW,
    /** It leads nowhere, or elsewhere than it is meant to: nothing is to be had of trying. */
    MISROUTED,
    /** Lets it through here, and no other machine would: not to be relied on. */
    NOT_PORTABLE,
    /** Would not hold it, and the guest would break. */
    BREAKS;

    /** Whether an interrupt that meets this is to be refused. */
    public boolean forbids() {
        return this == NOT_NOW || this == MISROUTED || this == NOT_PORTABLE || this == BREAKS;
    }

    /** The word used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
