package dev.interject.experiment.suite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.suite.list.SuiteTest;
import dev.interject.kvm.Kvm;

/** Runs the tests of a suite, several at once if the plan says so. */
public final class SuiteExperiment {

    private final SuitePlan plan;
    private final SuiteObserver observer;
    private final Cancellation cancellation;
    private final List<Running> tests;
    private final Thread waiter = Thread.currentThread();
    private volatile boolean stopped;

    /** Comes before the workers are waited for, also when a result cannot be shown. */
    private interface Stop extends AutoCloseable {
        @Override
        void close();
    }

    /** A test on its way; it wakes the waiter at its end. */
    private final class Running extends FutureTask<Optional<SuiteResult>> {

        private final SuiteTest test;
        private final Cancellation own;

        Running(SuiteTest test, Cancellation own) {
            super(work(test, own));
            this.test = test;
            this.own = own;
        }

        @Override
        protected void done() {
            LockSupport.unpark(waiter);
        }
    }

    private SuiteExperiment(SuitePlan plan, Cancellation cancellation, SuiteObserver observer) {
        this.plan = plan;
        this.observer = observer;
        this.cancellation = cancellation;
        this.tests = plan.chosen().stream().map(test -> new Running(test, new Cancellation())).toList();
    }

    /**
     * Runs the tests that the plan chooses.
     *
     * @param  cancellation                                     ends it: tests that run are ended, no other begins
     * @throws dev.interject.linux.error.SystemCallException    if the host has no usable KVM
     * @throws dev.interject.kvm.UnsupportedKvmException        if this host's KVM lacks what every guest needs
     */
    public static SuiteReport run(SuitePlan plan, Cancellation cancellation, SuiteObserver observer) {
        return new SuiteExperiment(plan, cancellation, observer).run();
    }

    private Callable<Optional<SuiteResult>> work(SuiteTest test, Cancellation own) {
        return () -> {
            if (stopped || cancellation.isRequested()) {
                return Optional.empty();
            }
            observer.begins(test);
            return new TestRunner(plan, test).run(own);
        };
    }

    private SuiteReport run() {
        if (plan.chosen().stream().anyMatch(test -> plan.reasonToSkip(test).isEmpty())) {
            requireKvm();
        }
        long start = System.nanoTime();
        List<SuiteResult> results = new ArrayList<>();
        List<String> notRun = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(plan.jobs(),
                work -> Thread.ofPlatform().daemon().name("test").unstarted(work));
        cancellation.wakes(waiter);
        try (workers; Stop _ = this::stop) {
            tests.forEach(workers::execute);
            for (Running each : tests) {
                await(each).ifPresentOrElse(result -> {
                    results.add(result);
                    observer.ended(result);
                }, () -> notRun.add(each.test.name()));
            }
        }
        return new SuiteReport(plan, results, notRun, Duration.ofNanos(System.nanoTime() - start));
    }

    private static void requireKvm() {
        try (Kvm kvm = Kvm.open()) {
            kvm.requireWhatRunsNeed();
        }
    }

    private Optional<SuiteResult> await(Running running) {
        while (!running.isDone()) {
            if (cancellation.isRequested()) {
                stop();
            }
            LockSupport.park(this);
        }
        try {
            return running.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException bug ? bug : new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Ends the tests that run; no other begins. */
    private void stop() {
        stopped = true;
        tests.forEach(test -> test.own.request());
    }
}
