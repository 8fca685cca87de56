package dev.interject.cli;

import java.util.Locale;

/** How a result is shown. */
enum OutputFormat {
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
