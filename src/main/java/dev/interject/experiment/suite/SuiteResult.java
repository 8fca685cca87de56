package dev.interject.experiment.suite;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;

import dev.interject.experiment.boot.PostMortem;
import dev.interject.experiment.suite.list.SuiteTest;

/**
 * How a test ended.
 *
 * @param reason   one line without control characters; empty if there is nothing to say
 * @param exitCode that of the guest's exit port, if it wrote to it
 * @param vcpus    the vCPUs of a guest that broke or did not end
 */
public record SuiteResult(SuiteTest test, Verdict verdict, String reason, OptionalInt exitCode, Duration duration,
        List<PostMortem> vcpus) {

    /** The result in a word. */
    public enum Verdict {
        /** It passed. */
        PASS,
        /** It failed. */
        FAIL,
        /** It did not run, or found that it cannot. */
        SKIP,
        /** It did not end in time. */
        TIMEOUT;

        /** Whether the suite fails because of it. */
        public boolean isFailure() {
            return this == FAIL || this == TIMEOUT;
        }

        /** The word used in JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a terminal or an XML document would not take as text. */
    private static final Pattern UNPRINTABLE = Pattern.compile("\\p{C}+");

    /** Copies the list. */
    public SuiteResult {
        Objects.requireNonNull(test, "test");
        Objects.requireNonNull(verdict, "verdict");
        reason = UNPRINTABLE.matcher(reason).replaceAll(" ").strip();
        vcpus = List.copyOf(vcpus);
    }

    static SuiteResult skipped(SuiteTest test, String reason) {
        return new SuiteResult(test, Verdict.SKIP, reason, OptionalInt.empty(), Duration.ZERO, List.of());
    }
}
