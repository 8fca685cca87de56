package dev.interject.interrupt;

import java.util.Locale;

/** What a gate does to an interrupt. */
public enum Verdict {
    /** Lets it through. */
    OPEN,
    /** Keeps it waiting; nothing breaks. */
    HOLDS,
    /** Forced in now, it would break the guest; the gate opens when the guest opens. */
    NOT_NOW,
    /** Would not hold it, and the guest would break. */
    BREAKS;

    /** Whether an interrupt that meets this is to be refused. */
    public boolean forbids() {
        return this == NOT_NOW || this == BREAKS;
    }

    /** The word used in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
