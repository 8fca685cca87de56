package dev.interject.experiment.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.interject.experiment.plan.RunPlan;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;
import dev.interject.machine.Pending;

/**
 * Hands over bursts of interrupts, faster than the guest takes them, so that some coalesce.
 *
 * <p>Which ones did, the 8259s say of each pulse, and a burst is simply fired at the running guest. LAPICs and eventfds
 * do not say. There the vCPU is kept out of the guest for as long as a burst lasts, and what waits before and after
 * shows how many of it are their own: the rest was merged with these.
 */
final class Storm implements AutoCloseable {

    /** A burst may take so long for each of its interrupts before the vCPU that waits for its end is given up. */
    private static final Duration PATIENCE_EACH = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final double NANOS_PER_SECOND = 1e9;
    /** A clock is good to some percent. */
    private static final double KEPT = 0.9;

    private final RunPlan plan;
    private final Machine machine;
    private final RunMonitor monitor;
    private final InterruptLog log;
    private final List<InterruptSource> sources;
    private final Refusals refusals;
    private final boolean told;
    private final ExecutorService threads;

    /** @param told whether the controllers say of each interrupt what became of it */
    Storm(RunPlan plan, Machine machine, RunMonitor monitor, InterruptLog log, List<InterruptSource> sources,
            Refusals refusals,
            boolean told) {
        this.plan = plan;
        this.machine = machine;
        this.monitor = monitor;
        this.log = log;
        this.sources = sources;
        this.refusals = refusals;
        this.told = told;
        this.threads = Executors.newFixedThreadPool(plan.pace().threads(),
                Thread.ofPlatform().daemon().name("storm-", 0).factory());
    }

    /**
     * Until all are handed over and what was accepted is taken, or the run ends; says where it was slower than asked.
     */
    Optional<String> run(long deadline) {
        long start = System.nanoTime();
        int done = 0;
        while (done < plan.count() && monitor.isGoingOn() && deadline - System.nanoTime() > 0) {
            if (plan.pace().rate().isPresent()) {
                monitor.pause(Math.min(deadline, start + dueAfter(done, plan.pace().rate().getAsInt())));
            } else if (!awaitTaken(deadline)) {
                return Optional.empty();
            }
            if (monitor.isGoingOn()) {
                int size = Math.min(plan.pace().burst(), plan.count() - done);
                burst(log.add(size), size);
                done += size;
            }
        }
        long nanos = System.nanoTime() - start;
        awaitTaken(deadline);
        return plan.pace().rate().isPresent() ? slower(done, nanos, plan.pace().rate().getAsInt()) : Optional.empty();
    }

    /** A rate that was not kept is told: counting what coalesces stops the vCPU, where controllers keep silent. */
    private Optional<String> slower(int done, long nanos, int wanted) {
        long achieved = Math.round(done * NANOS_PER_SECOND / nanos);
        return achieved >= wanted * KEPT
                ? Optional.empty()
                : Optional.of("handed over %,d a second, not %,d%s".formatted(achieved, wanted,
                        told ? "" : ": the vCPU is stopped for each burst, to count what coalesces"));
    }

    private static long dueAfter(int interrupts, int rate) {
        return Duration.ofSeconds(interrupts).dividedBy(rate).toNanos();
    }

    private boolean awaitTaken(long deadline) {
        for (InterruptSource source : sources) {
            if (source.vector().isPresent() && !monitor.awaitRings(source, source.accepted(), deadline)) {
                return false;
            }
        }
        return true;
    }

    private void burst(int first, int size) {
        if (told) {
            fire(first, size);
            return;
        }
        int vcpu = sources.getFirst().target().vcpu();
        Pending.Change change = machine.whileStopped(vcpu, () -> {
            fire(first, size);
            sources.forEach(source -> source.injector().drain());
        }, PATIENCE.plus(PATIENCE_EACH.multipliedBy(size)));
        for (int i = 0; i < sources.size(); i++) {
            account(i, first, size, change);
        }
    }

    /**
     * What waits for a source now and did not before is its own; the others of the burst were merged with what waits.
     */
    private void account(int number, int first, int size, Pending.Change change) {
        InterruptSource source = sources.get(number);
        if (source.vector().isEmpty()) {
            return;
        }
        int vector = source.vector().getAsInt();
        int after = source.target().waiting(change.after(), vector);
        int own = after - source.target().waiting(change.before(), vector);
        int handedOver = 0;
        boolean accepted = false;
        for (int i = first + Math.floorMod(number - first, sources.size()); i < first + size; i += sources.size()) {
            if (source.isRefused(i)) {
                continue;
            }
            if (handedOver++ < own) {
                source.accept(i);
            }
            accepted |= log.status(i) > 0;
        }
        if (after > 0) {
            source.coalesced(handedOver - own);
        } else if (!accepted) {
            source.ignored(handedOver); // and if a status says otherwise, they are lost
        }
    }

    private void fire(int first, int size) {
        int parts = Math.min(plan.pace().threads(), size);
        if (parts == 1) {
            fireFrom(first, first + size, 1);
            return;
        }
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int begin = first + part;
            tasks.add(() -> {
                fireFrom(begin, first + size, parts);
                return null;
            });
        }
        try {
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a burst", interrupted);
        }
    }

    private void fireFrom(int begin, int end, int step) {
        for (int index = begin; index < end; index += step) {
            InterruptSource source = sources.get(index % sources.size());
            synchronized (source) { // a wire has one driver at a time: high and low belong together
                try {
                    int status = source.inject(index);
                    if (told && source.note(status, 1)) {
                        source.accept(index);
                    }
                } catch (SystemCallException refusal) {
                    refusals.note(source, index, refusal);
                }
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
