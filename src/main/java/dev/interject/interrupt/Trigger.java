package dev.interject.interrupt;

import java.util.Locale;

/** What makes a line ask for service. */
public enum Trigger {
    /** The change from low to high. */
    EDGE,
    /** Being high; the line stays high until the handler has spoken. */
    LEVEL;

    /** The word used in options, text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
