package dev.interject.experiment.suite;

import static dev.interject.experiment.InvalidValueException.requireWithin;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.suite.list.Launch;
import dev.interject.experiment.suite.list.Suite;
import dev.interject.experiment.suite.list.SuiteTest;

/**
 * Which tests of a suite are run, and how.
 *
 * @param names   the tests' names; empty for all
 * @param group   only its tests are run
 * @param timeout for each test, instead of its own
 * @param jobs    how many tests run at once, 1 to 64
 * @param logs    the directory that gets each test's console output
 */
public record SuitePlan(Suite suite, Set<String> names, Optional<String> group, Optional<Duration> timeout, int jobs,
        Optional<Path> logs) {

    private static final int MOST_JOBS = 64;

    /**
     * Checks the values.
     *
     * @throws InvalidValueException if there is no such test or group, no named test has the group, or a value is
     *                               out of range
     */
    public SuitePlan {
        Objects.requireNonNull(suite, "suite");
        Objects.requireNonNull(logs, "logs");
        names = Set.copyOf(names);
        requireWithin("jobs", jobs, 1, MOST_JOBS);
        if (timeout.isPresent() && !timeout.get().isPositive()) {
            throw new InvalidValueException("timeout", "must be above 0");
        }
        for (String name : names) {
            if (suite.tests().stream().noneMatch(test -> test.name().equals(name))) {
                throw new IllegalArgumentException("%s has no test '%s'".formatted(suite.file(), name));
            }
        }
        Set<String> groups = new TreeSet<>();
        suite.tests().forEach(test -> groups.addAll(test.groups()));
        if (group.isPresent() && !groups.contains(group.get())) {
            throw new InvalidValueException("group", groups.isEmpty()
                    ? "must be empty: no test has a group"
                    : "must be one of %s, not %s".formatted(String.join(", ", groups), group.get()));
        }
        if (group.isPresent() && chosen(suite, names, group).isEmpty()) {
            throw new InvalidValueException("group", "must have a test that is named: %s has none of %s".formatted(
                    group.get(), String.join(", ", new TreeSet<>(names))));
        }
        if (logs.isPresent()) {
            for (SuiteTest test : chosen(suite, names, group)) {
                requireLog(test, logs.get());
            }
        }
    }

    private static void requireLog(SuiteTest test, Path logs) {
        try {
            test.logIn(logs);
        } catch (InvalidPathException refused) {
            throw new InvalidValueException("logs", "cannot have a file for test '%s': %s".formatted(test.name(),
                    refused.getReason()));
        }
    }

    /** The tests that were chosen, in the suite's order; some of them may be skipped. */
    public List<SuiteTest> chosen() {
        return chosen(suite, names, group);
    }

    private static List<SuiteTest> chosen(Suite suite, Set<String> names, Optional<String> group) {
        return suite.tests()
                .stream()
                .filter(test -> names.isEmpty() || names.contains(test.name()))
                .filter(test -> group.isEmpty() || test.groups().contains(group.get()))
                .toList();
    }

    /** Why a test that was chosen does not run; empty if it does. */
    public Optional<String> reasonToSkip(SuiteTest test) {
        if (test.groups().contains(SuiteTest.ON_REQUEST) && names.isEmpty() && group.isEmpty()) {
            return Optional.of("runs on request only: name it, or its group");
        }
        if (test.launch() instanceof Launch.Unsupported(String reason)) {
            return Optional.of(reason);
        }
        return test.preconditions()
                .stream()
                .filter(condition -> !condition.isMet())
                .findFirst()
                .map(condition -> "%s is not %s".formatted(condition.file(), condition.value()));
    }
}
