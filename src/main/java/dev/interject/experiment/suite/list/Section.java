package dev.interject.experiment.suite.list;

import java.util.Map;
import java.util.Optional;

/**
 * A section of a suite's file: one test.
 *
 * @param name    between the brackets
 * @param line    its number
 * @param entries by their keys
 */
record Section(String name, int line, Map<String, Entry> entries) {

    /**
     * What stands behind a key.
     *
     * @param line its number
     */
    record Entry(String value, int line) {}

    /** The value of a key; empty if it is missing or empty. */
    Optional<String> value(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::value).filter(value -> !value.isEmpty());
    }

    /** The line of a key, or of the section. */
    int lineOf(String key) {
        return entries.containsKey(key) ? entries.get(key).line() : line;
    }
}
