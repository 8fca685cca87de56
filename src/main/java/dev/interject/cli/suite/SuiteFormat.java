package dev.interject.cli.suite;

import java.util.Locale;

/** The formats of a suite's result. */
enum SuiteFormat {
    /** One line a test, as each ends. */
    TEXT,
    /** The Test Anything Protocol, version 13, as each ends. */
    TAP,
    /** JUnit XML, at the end. */
    JUNIT,
    /** One JSON object, at the end. */
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
