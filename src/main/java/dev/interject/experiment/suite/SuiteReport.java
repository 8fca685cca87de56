package dev.interject.experiment.suite;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.suite.SuiteResult.Verdict;

/**
 * How a suite ended.
 *
 * @param results of the tests that ended, in the suite's order
 * @param notRun  the names of those that did not, since the user ended the suite
 */
public record SuiteReport(SuitePlan plan, List<SuiteResult> results, List<String> notRun, Duration duration)
        implements
            Report {

    private static final int MOST_NAMES = 5;

    /** Copies the lists. */
    public SuiteReport {
        results = List.copyOf(results);
        notRun = List.copyOf(notRun);
    }

    /** How many tests ended like this. */
    public long count(Verdict verdict) {
        return results.stream().filter(result -> result.verdict() == verdict).count();
    }

    @Override
    public Ending ending() {
        if (!notRun.isEmpty()) {
            return Ending.of(Outcome.INTERRUPTED, "interrupted by the user: %d of %d tests ended".formatted(
                    results.size(), results.size() + notRun.size()));
        }
        List<String> failed = results.stream()
                .filter(result -> result.verdict().isFailure())
                .map(result -> result.test().name())
                .toList();
        return failed.isEmpty() ? Ending.allTaken()
                : Ending.of(Outcome.NOT_TAKEN, "%d of %d tests failed: %s%s".formatted(failed.size(), results.size(),
                        failed.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")),
                        failed.size() > MOST_NAMES ? ", …" : ""));
    }
}
