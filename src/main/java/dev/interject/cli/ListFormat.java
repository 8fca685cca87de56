package dev.interject.cli;

/** How a list is shown; JUnit XML would have nothing to say of one. */
enum ListFormat {
    /** For people. */
    TEXT,
    /** One JSON array. */
    JSON
}
