package dev.interject.experiment.suite.list;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A test of a suite.
 *
 * @param name          unique in the suite
 * @param groups        those it belongs to
 * @param preconditions all must be met, or the test is skipped
 */
public record SuiteTest(String name, Set<String> groups, List<Precondition> preconditions, Launch launch) {

    /** The group of tests that run only if they are named, or a group of theirs is. */
    public static final String ON_REQUEST = "nodefault";

    /** Copies the lists. */
    public SuiteTest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(launch, "launch");
        groups = Set.copyOf(groups);
        preconditions = List.copyOf(preconditions);
    }

    /** Its log's file in this directory. */
    public Path logIn(Path directory) {
        return directory.resolve(name + ".log");
    }
}
