package dev.interject.experiment.suite.list;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a suite's file into sections: {@code [name]}, then {@code key = value}; # begins a line of comment. */
final class SectionParser {

    private static final Pattern HEADER = Pattern.compile("\\[(.*)]");
    /** Names become file names. */
    private static final Pattern NAME = Pattern.compile("[^/\\p{C}]{1,200}");
    private static final Set<String> DIRECTORIES = Set.of(".", "..");
    private static final Pattern ENTRY = Pattern.compile("([A-Za-z_-]+)\\s*=\\s*(.*)");
    private static final String LONG_QUOTE = "\"\"\"";

    private final String file;
    private final Set<String> keys;
    private final List<Section> sections = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int number;

    private SectionParser(String file, Set<String> keys) {
        this.file = file;
        this.keys = keys;
    }

    /**
     * The sections in their order. Of a key that is repeated in one, the last counts, as in kvm-unit-tests.
     *
     * @param file its name, for messages
     * @param keys those that are known
     * @throws InvalidSuiteException if a line is none of these, a name is repeated, or a key is unknown
     */
    static List<Section> parse(String file, List<String> lines, Set<String> keys) {
        return new SectionParser(file, keys).parse(lines);
    }

    private List<Section> parse(List<String> lines) {
        while (number < lines.size()) {
            String line = lines.get(number).strip();
            number++;
            Matcher header = HEADER.matcher(line);
            Matcher entry = ENTRY.matcher(line);
            if (header.matches()) {
                begin(header.group(1));
            } else if (entry.matches()) {
                int at = number;
                add(entry.group(1), value(entry.group(2), lines), at);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                throw invalid("the line is neither [name] nor key = value", "begin a comment with #");
            }
        }
        if (sections.isEmpty()) {
            throw new InvalidSuiteException(file + " has no test", "name each test in brackets: [name]");
        }
        return List.copyOf(sections);
    }

    private void begin(String name) {
        if (!NAME.matcher(name).matches() || DIRECTORIES.contains(name)) {
            throw invalid("'%s' cannot name a test".formatted(name), "a name has no slash, and is not empty");
        }
        if (!names.add(name)) {
            throw invalid("a second test is named '%s'".formatted(name), "give each test its own name");
        }
        sections.add(new Section(name, number, new LinkedHashMap<>()));
    }

    private void add(String key, String value, int at) {
        if (sections.isEmpty()) {
            throw invalid("'%s' stands before the first test".formatted(key), "begin with [name]");
        }
        if (!keys.contains(key)) {
            throw invalid("there is no key '%s'".formatted(key), "the keys are " + String.join(", ", keys));
        }
        sections.getLast().entries().put(key, new Section.Entry(value, at));
    }

    /** A value between three quotation marks may have several lines; a backslash joins one with the next. */
    private String value(String begin, List<String> lines) {
        if (!begin.startsWith(LONG_QUOTE)) {
            return begin;
        }
        int first = number;
        StringBuilder value = new StringBuilder();
        String line = begin.substring(LONG_QUOTE.length());
        while (!line.endsWith(LONG_QUOTE)) {
            value.append(line.endsWith("\\") ? line.substring(0, line.length() - 1) : line + "\n");
            if (number == lines.size()) {
                number = first;
                throw invalid("the value does not end", "end it with " + LONG_QUOTE);
            }
            line = lines.get(number).stripTrailing();
            number++;
        }
        return value + line.substring(0, line.length() - LONG_QUOTE.length());
    }

    private InvalidSuiteException invalid(String what, String fix) {
        return new InvalidSuiteException("%s, line %d: %s".formatted(file, number, what), fix);
    }
}
