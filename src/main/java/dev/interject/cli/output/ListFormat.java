package dev.interject.cli.output;

import java.util.Locale;

/** The formats of a result that is not a test. */
public enum ListFormat {
    /** For people. */
    TEXT,
    /** One JSON value. */
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
