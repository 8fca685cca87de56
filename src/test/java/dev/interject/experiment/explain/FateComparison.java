package dev.interject.experiment.explain;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** What was expected of an interrupt, beside what was observed. */
record FateComparison(FateExpectation expected, Observed observed) {

    /**
     * Whether these handlers have run.
     *
     * @param returns whether each returns; otherwise the first of them is enough
     */
    static boolean hasRun(Map<Handler, Long> handlers, Map<Handler, Long> counts, boolean returns) {
        return returns || handlers.isEmpty()
                ? handlers.entrySet().stream().allMatch(it -> counts.getOrDefault(it.getKey(), 0L) >= it.getValue())
                : handlers.keySet().stream().anyMatch(counts::containsKey);
    }

    /** What is wrong with the prediction; empty if it was right. */
    Optional<String> mismatch() {
        Set<String> queued = expected.queued().ends();
        boolean isReset = expected.ends().stream().anyMatch(end -> end.startsWith(FateExpectation.RESET));
        boolean isStuck = !expected.rules().returns() && ranAny(); // in a handler that came before the report
        if (!queued.isEmpty() && !isReset && !isStuck && observed.end().filter(queued::contains).isEmpty()) {
            return Optional.of("what was queued ended in %s, expected: %s".formatted(observed.end(), queued));
        }
        if (!expected.rules().returns() && !expected.all().isEmpty()) {
            return ofFirstHandler();
        }
        if (expected.breaks()) {
            boolean isRight = !queued.isEmpty() || observed.end().filter(expected.ends()::contains).isPresent()
                    || endsWithoutException();
            return isRight ? Optional.empty()
                    : Optional.of("the guest broke: %s, expected: %s".formatted(observed.end(), expected.ends()));
        }
        if (queued.isEmpty() && observed.end().filter(end -> !expected.ownEnds().contains(end)).isPresent()) {
            return Optional.of("the guest broke: " + observed.end().get());
        }
        return ofHandlers();
    }

    /** What reads no RAM ends in KVM's error, or never: no exception reports it, and no handler runs. */
    private boolean endsWithoutException() {
        return expected.mayHang() && !ranAny()
                && observed.end().filter(end -> !end.contains("KVM_EXIT_INTERNAL_ERROR")).isEmpty();
    }

    private boolean ranAny() {
        return expected.all().keySet().stream().anyMatch(observed.all()::containsKey);
    }

    /** What the guest does after a handler is unknown on this host. */
    private Optional<String> ofFirstHandler() {
        return ranAny() || expected.breaks() && observed.end().isPresent() ? Optional.empty()
                : Optional.of("handlers ran: %s, expected first: %s".formatted(observed.all(), expected.all()));
    }

    private Optional<String> ofHandlers() {
        if (!isAsExpected(expected.withoutRivals(observed.all()), expected.all())) {
            return Optional.of("handlers ran: %s, expected: %s".formatted(observed.all(), expected.all()));
        }
        return expected.isSoonUnknown() || isAsExpected(observed.soon(), expected.soon()) ? Optional.empty()
                : Optional.of("before all was open, handlers ran: %s, expected: %s".formatted(observed.soon(),
                        expected.soon()));
    }

    private boolean isAsExpected(SortedMap<Handler, Long> found, SortedMap<Handler, Long> wanted) {
        return expected.rules().repeats()
                ? found.keySet().equals(wanted.keySet()) && hasRun(wanted, found, true)
                : found.equals(wanted);
    }
}
