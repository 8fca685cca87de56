package dev.interject.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** How many were tried, how many were good, and what was bad. Many threads may count at once. */
final class Figure {

    /** The first of what is bad tell enough. */
    private static final int MOST_SHOWN = 50;

    private final String row;
    private final AtomicLong tried = new AtomicLong();
    private final AtomicLong bad = new AtomicLong();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

    /** @param row the name in {@code docs/reliability.md} */
    Figure(String row) {
        this.row = row;
    }

    /** Tries one; it says what is bad of it. */
    void attempt(String what, Callable<Optional<String>> trial) {
        Optional<String> fault;
        try {
            fault = trial.call();
        } catch (Exception | AssertionError failed) {
            fault = Optional.of(failed.toString());
        }
        count(1);
        fault.ifPresent(why -> bad(what + ": " + why));
    }

    /** Counts what was tried. */
    void count(long more) {
        tried.addAndGet(more);
    }

    /** Counts one of those tried as bad. */
    void bad(String what) {
        if (bad.incrementAndGet() <= MOST_SHOWN) {
            faults.add(what);
        }
    }

    /**
     * Prints the figure, and fails unless all were good.
     *
     * @param remark what else was measured; may be empty
     */
    void close(String remark) {
        System.out.printf("reliability: %-9s tried %,d, good %,d, bad %,d%s%n", row, tried.get(),
                tried.get() - bad.get(), bad.get(), remark.isEmpty() ? "" : "; " + remark);
        assertThat(faults).as("bad %s: %d of %d", row, bad.get(), tried.get()).isEmpty();
        assertThat(tried.get()).as("tried").isPositive();
    }
}
