package dev.interject.cli.output;

import java.util.Locale;

/** The formats of a result that passes or fails. */
public enum OutputFormat {
    /** For people. */
    TEXT,
    /** One JSON object. */
    JSON,
    /** JUnit XML, as CI systems read it. */
    JUNIT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
