package dev.interject.machine;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes resources in the reverse order of their registration, and continues if closing one fails. Thread-safe, since
 * each thread may make injectors, which own resources.
 */
final class ResourceStack {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private boolean closed;

    /**
     * Has the resource closed with the others.
     *
     * @throws IllegalStateException if they are closed; then this one is closed too
     */
    <T extends AutoCloseable> T register(T resource) {
        if (!push(resource)) {
            IllegalStateException late = new IllegalStateException("the machine is closed");
            close(resource, late);
            throw late;
        }
        return resource;
    }

    private synchronized boolean push(AutoCloseable resource) {
        if (!closed) {
            resources.push(resource);
        }
        return !closed;
    }

    private synchronized AutoCloseable pop() {
        closed = true;
        return resources.poll();
    }

    /** @throws RuntimeException the first failure, with the others suppressed in it */
    void close() {
        RuntimeException first = null;
        for (AutoCloseable resource = pop(); resource != null; resource = pop()) {
            first = close(resource, first);
        }
        if (first != null) {
            throw first;
        }
    }

    /** Returns the failure before, or else that of closing this one, if there is any. */
    private static RuntimeException close(AutoCloseable resource, RuntimeException before) {
        try {
            resource.close();
            return before;
        } catch (Exception failed) {
            if (before == null) {
                return failed instanceof RuntimeException runtime ? runtime : new IllegalStateException(failed);
            }
            before.addSuppressed(failed);
            return before;
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
