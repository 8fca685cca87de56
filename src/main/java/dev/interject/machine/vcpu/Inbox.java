package dev.interject.machine.vcpu;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;

import dev.interject.linux.error.SystemCallException;

/**
 * The tasks for a vCPU's thread, in the order in which they were posted.
 *
 * <p>Every task is answered, also one that is posted when the vCPU has ended.
 */
final class Inbox {

    private final Queue<VcpuTask<?>> tasks = new ConcurrentLinkedQueue<>();
    /** The tasks that wait for an open interrupt window; only the vCPU's thread uses this. */
    private final Queue<VcpuTask<?>> windowWaiters = new ArrayDeque<>();
    private volatile Optional<VcpuEnd> end = Optional.empty();

    // --- any thread

    /**
     * Adds a task and kicks the vCPU for it.
     *
     * @throws SystemCallException if the kick fails; the task is withdrawn then
     */
    void post(VcpuTask<?> task, Kicker kicker) {
        tasks.add(task);
        end.ifPresent(this::refuseTasks); // the vCPU's thread may have looked for the last time
        try {
            kicker.tryKick();
        } catch (SystemCallException failed) {
            withdraw(task);
            throw failed;
        }
    }

    /** Withdraws what no thread waits for any more: it must not run after its failure was reported. */
    void withdraw(Future<?> task) {
        task.cancel(false);
        tasks.remove(task);
    }

    private void refuseTasks(VcpuEnd how) {
        for (VcpuTask<?> task = tasks.poll(); task != null; task = tasks.poll()) {
            task.refuse(how);
        }
    }

    // --- the vCPU's thread

    boolean hasTask() {
        return !tasks.isEmpty();
    }

    /** Runs the next task, or has it wait for the window. */
    void runTask() {
        VcpuTask<?> task = tasks.poll();
        if (task == null) {
            return; // it was withdrawn just now
        }
        windowWaiters.removeIf(waiter -> waiter == task || waiter.isDone());
        if (task.waitsForWindow()) {
            windowWaiters.add(task);
        } else {
            task.run();
        }
    }

    boolean hasWindowWaiter() {
        return !windowWaiters.isEmpty();
    }

    void runWindowWaiter() {
        windowWaiters.remove().run();
    }

    void refuseWindowWaiters(VcpuEnd how) {
        windowWaiters.forEach(waiter -> waiter.refuse(how));
        windowWaiters.clear();
    }

    /** Answers all tasks with this end, from now on; does nothing the second time. */
    void close(VcpuEnd how) {
        if (end.isPresent()) {
            return;
        }
        end = Optional.of(how); // before the rest is refused: a task that is posted now is refused by its own thread
        refuseTasks(how);
        refuseWindowWaiters(how);
    }
}
