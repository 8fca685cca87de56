package dev.interject.interrupt.gate;

import java.util.Locale;

/** What a gate does to an interrupt. */
public enum Verdict {
    /** Lets it through. */
    OPEN,
    /** Merges it with a pending one. */
    COALESCES,
    /** Keeps it pending until the gate opens. */
    HOLDS,
    /** Discards it; the guest continues undisturbed. */
    DROPS,
    /** Injected now, it would break the guest; the gate opens when the guest enables interrupts. */
    NOT_NOW,
    /** Sends it to another destination or to none; retrying cannot help. */
    MISROUTED,
    /** KVM lets it through, but hardware would not. */
    NOT_PORTABLE,
    /** Lets it through, and the guest would break. */
    BREAKS,
    /** The state lacks what decides. */
    UNKNOWN;

    /** Whether an interrupt with this verdict is refused. */
    public boolean forbids() {
        return this == NOT_NOW || this == MISROUTED || this == NOT_PORTABLE || this == BREAKS;
    }

    /** The word used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
