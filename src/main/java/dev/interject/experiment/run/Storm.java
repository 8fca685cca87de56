package dev.interject.experiment.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.interject.experiment.Deadline;
import dev.interject.experiment.plan.Pace;
import dev.interject.interrupt.route.Pending;
import dev.interject.machine.Machine;

/**
 * Injects bursts of interrupts, faster than the guest takes them, so that some coalesce.
 *
 * <p>The 8259s report of each pulse whether it coalesced, so that a burst is injected while the guest runs. LAPICs and
 * eventfds do not report it. There the vCPU is kept out of the guest during a burst: an interrupt that is pending only
 * afterwards is from the burst, and the others were merged with it.
 */
final class Storm implements AutoCloseable {

    /** Beyond the deadline, at which a burst ends by itself. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** A rate counts as kept if this share of it was reached. */
    private static final double KEPT = 0.9;

    private final Pace pace;
    private final Machine machine;
    private final RunMonitor monitor;
    private final InterruptLog log;
    private final List<InjectedSource> sources;
    private final boolean reportsCoalescing;
    private final ExecutorService threads;

    /**
     * @param sources           injected into one after the other, again and again
     * @param reportsCoalescing whether the controllers' status says what happened to each interrupt
     */
    Storm(Pace pace, Machine machine, RunMonitor monitor, InterruptLog log, List<InjectedSource> sources,
            boolean reportsCoalescing) {
        this.pace = pace;
        this.machine = machine;
        this.monitor = monitor;
        this.log = log;
        this.sources = sources;
        this.reportsCoalescing = reportsCoalescing;
        this.threads = Executors.newFixedThreadPool(pace.threads(),
                Thread.ofPlatform().daemon().name("storm-", 0).factory());
    }

    /**
     * Returns when all are injected and those that were accepted are taken, or the run ends.
     *
     * @return a note if the rate was not kept
     */
    Optional<String> run() {
        long start = System.nanoTime();
        while (log.size() < pace.count() && monitor.isGoingOn()) {
            if (pace.rate().isPresent()) {
                Duration due = Duration.ofSeconds(log.size()).dividedBy(pace.rate().getAsInt());
                monitor.pause(Deadline.after(due.minusNanos(System.nanoTime() - start)));
            } else if (!awaitTaken()) {
                return Optional.empty();
            }
            if (monitor.isGoingOn()) {
                burst(Math.min(pace.burst(), pace.count() - log.size()));
            }
        }
        double seconds = (System.nanoTime() - start) / (double) Duration.ofSeconds(1).toNanos();
        awaitTaken();
        return pace.rate().isPresent() ? slower(log.size() / seconds, pace.rate().getAsInt()) : Optional.empty();
    }

    private Optional<String> slower(double achieved, int wanted) {
        return achieved >= wanted * KEPT
                ? Optional.empty()
                : Optional.of("injected %,.0f a second, not %,d%s".formatted(achieved, wanted, reportsCoalescing
                        ? ""
                        : ": the vCPU is stopped for each burst, to count what coalesces"));
    }

    private boolean awaitTaken() {
        for (InjectedSource source : sources) {
            if (source.vector().isPresent() && !monitor.awaitAcknowledged(source, source.accepted())) {
                return false;
            }
        }
        return true;
    }

    private void burst(int size) {
        int first = log.size();
        if (reportsCoalescing) {
            fire(size);
            return;
        }
        int vcpu = sources.getFirst().target().vcpu();
        Pending.Change change = machine.vcpu(vcpu).whileStopped(() -> {
            fire(size);
            sources.forEach(source -> source.injector().drain());
        }, monitor.deadline().left().plus(GRACE));
        sources.stream().distinct().forEach(source -> count(source, first, change));
    }

    /**
     * Interrupts of a source that are pending only now are from the burst; the others were merged with them.
     */
    private void count(InjectedSource source, int first, Pending.Change change) {
        if (source.vector().isEmpty()) {
            return;
        }
        int vector = source.vector().getAsInt();
        int after = source.target().waiting(change.after(), vector);
        int own = after - source.target().waiting(change.before(), vector);
        int injected = 0;
        boolean accepted = false;
        for (int i = first; i < log.size(); i++) {
            if (sourceOf(i) != source || log.isRefused(i)) {
                continue;
            }
            if (injected++ < own) {
                source.accept(i);
            }
            accepted |= log.rawStatus(i) > 0;
        }
        if (after > 0) {
            source.coalesced(injected - own);
        } else if (!accepted) {
            source.ignored(injected); // if a status says otherwise, they are lost
        }
    }

    private InjectedSource sourceOf(int index) {
        return sources.get(index % sources.size());
    }

    /** Injects a burst, or as much of it as the run's end allows; each thread injects at least one of it. */
    private void fire(int size) {
        int first = log.size();
        int parts = Math.min(pace.threads(), size);
        AtomicInteger next = new AtomicInteger(first + parts);
        List<Callable<Void>> burst = IntStream.range(first, first + parts)
                .<Callable<Void>>mapToObj(begin -> () -> {
                    for (int index = begin; index < first + size; index = next.getAndIncrement()) {
                        fireOne(index);
                        if (!monitor.isGoingOn()) {
                            break;
                        }
                    }
                    return null;
                })
                .toList();
        try {
            if (parts == 1) {
                burst.getFirst().call();
            } else {
                for (Future<Void> done : threads.invokeAll(burst)) {
                    done.get();
                }
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a burst", interrupted);
        } finally {
            log.add(Math.min(next.get() - first, size));
        }
    }

    private void fireOne(int index) {
        InjectedSource source = sourceOf(index);
        synchronized (source) { // one thread at a time drives a line, so that each pulse stays whole
            if (source.inject(index, 1) && reportsCoalescing) {
                source.count(index, 1);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
