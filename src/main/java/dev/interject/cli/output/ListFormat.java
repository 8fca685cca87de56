package dev.interject.cli.output;

import java.util.Locale;

/** How a list is shown; JUnit XML would have nothing to say of one. */
public enum ListFormat {
    /** For people. */
    TEXT,
    /** One JSON array. */
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
