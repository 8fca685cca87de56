package dev.interject.machine;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes resources in the reverse order of their registration, and continues if closing one fails. */
final class ResourceStack {

    /** As {@link AutoCloseable}, without checked exceptions. */
    interface Step extends AutoCloseable {
        @Override
        void close();
    }

    private final Deque<AutoCloseable> steps = new ArrayDeque<>();

    <T extends AutoCloseable> T register(T step) {
        steps.push(step);
        return step;
    }

    void register(Step step) {
        steps.push(step);
    }

    /** @throws RuntimeException the first failure, with the others suppressed in it */
    void close() {
        RuntimeException first = null;
        while (!steps.isEmpty()) {
            try {
                steps.pop().close();
            } catch (Exception failed) {
                if (first == null) {
                    first = failed instanceof RuntimeException runtime ? runtime : new IllegalStateException(failed);
                } else {
                    first.addSuppressed(failed);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException another) {
            failure.addSuppressed(another);
        }
    }
}
