package dev.interject.machine.vcpu;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.interject.interrupt.inject.Kick;

/**
 * What other threads want done on the vCPU's thread, between two runs. They leave an errand, kick, and wait for its
 * result.
 */
public final class VcpuTasks {

    /** Far longer than a kick takes (some 40 µs); a vCPU that is not out by then will not come out. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Kick kick;
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    /** To be run when the guest is open; touched by the vCPU's thread alone. */
    private Runnable whenOpen;

    VcpuTasks(Kick kick) {
        this.kick = kick;
    }

    // --- any thread

    /**
     * Has something done with the vCPU out of the guest. The guest runs on afterwards.
     *
     * @throws IllegalStateException if the vCPU does not come out
     */
    public <T> T call(Callable<T> errand) {
        return call(errand, PATIENCE);
    }

    /** The same for an errand that takes its time. */
    public <T> T call(Callable<T> errand, Duration patience) {
        FutureTask<T> future = new FutureTask<>(errand);
        leave(future);
        return await(future, patience);
    }

    /**
     * Has something done at the first moment at which the vCPU can take an external interrupt, or when the time is up.
     */
    public <T> T callWhenOpen(Callable<T> errand, Duration time) {
        FutureTask<T> future = new FutureTask<>(errand);
        leave(() -> whenOpen = future);
        try {
            return future.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException closed) {
            leave(() -> {
                whenOpen = null;
                future.run();
            });
            return await(future, PATIENCE);
        } catch (ExecutionException | InterruptedException failed) {
            leave(() -> whenOpen = null);
            throw unwrapped(failed);
        }
    }

    private void leave(Runnable errand) {
        errands.add(errand);
        kick.kick();
    }

    private static <T> T await(FutureTask<T> future, Duration patience) {
        try {
            return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException stuck) {
            future.cancel(false); // it must not happen after it was reported as failed
            throw new IllegalStateException("the vCPU does not come out of the guest", stuck);
        } catch (ExecutionException | InterruptedException failed) {
            throw unwrapped(failed);
        }
    }

    private static RuntimeException unwrapped(Exception failed) {
        if (failed instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
    }

    // --- the vCPU's thread

    boolean isEmpty() {
        return errands.isEmpty();
    }

    /** Whether an errand waits for the guest to open. */
    boolean wantsWindow() {
        return whenOpen != null;
    }

    void runAll() {
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
    }

    /** Runs the errand that waits for an open guest. */
    void runForOpenGuest() {
        Runnable errand = whenOpen;
        whenOpen = null;
        errand.run();
    }
}
