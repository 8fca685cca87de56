package dev.interject.interrupt;

import java.util.Locale;

/** What makes a line request an interrupt. */
public enum Trigger {
    /** The change from low to high. */
    EDGE,
    /** The high level; the line stays high until the handler acknowledges. */
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
