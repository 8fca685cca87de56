package dev.interject.experiment.explain;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.qemu.QemuException;
import dev.interject.experiment.qemu.QemuMonitor;
import dev.interject.experiment.state.StateFile;

/** Explains what each gate would do to an interrupt in a VM that runs under QEMU. It needs no KVM here. */
public final class QemuExplainExperiment {

    private final QemuPlan plan;
    private final Cancellation cancellation;

    private QemuExplainExperiment(QemuPlan plan, Cancellation cancellation) {
        this.plan = plan;
        this.cancellation = cancellation;
    }

    /**
     * Explains the interrupt of a plan.
     *
     * @throws QemuException            if QEMU cannot be reached, goes away, or needs too long
     * @throws IllegalArgumentException if the VM has no such interrupt
     */
    public static ExplainReport explain(QemuPlan plan, Cancellation cancellation) {
        try {
            return new QemuExplainExperiment(plan, cancellation).look();
        } catch (CancellationException _) {
            return ExplainReport.without(plan.described(), Ending.of(Outcome.INTERRUPTED, "interrupted by the user"));
        }
    }

    /**
     * Explains it again and again, until the user ends that.
     *
     * @param  interval                 from one reading to the next
     * @param  changes                  takes the first explanation, and each that differs from the one before
     * @return                          the last one
     * @throws QemuException            if QEMU cannot be reached, goes away, or needs too long
     * @throws IllegalArgumentException if the VM has no such interrupt
     */
    public static ExplainReport watch(QemuPlan plan, Duration interval, Cancellation cancellation,
            Consumer<ExplainChange> changes) {
        QemuExplainExperiment experiment = new QemuExplainExperiment(plan, cancellation);
        ExplainReport last = explain(plan, cancellation);
        if (last.explanation().isEmpty()) {
            return last;
        }
        changes.accept(ExplainChange.first(last));
        cancellation.wakes(Thread.currentThread());
        try {
            while (true) {
                experiment.pause(interval);
                ExplainReport next = experiment.look();
                if (!ExplainChange.isSame(last, next)) {
                    changes.accept(ExplainChange.between(last, next));
                }
                last = next;
            }
        } catch (CancellationException _) {
            return last;
        }
    }

    private void pause(Duration interval) {
        long end = System.nanoTime() + interval.toNanos();
        while (System.nanoTime() - end < 0) {
            if (cancellation.isRequested()) {
                throw new CancellationException();
            }
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** A connection for each reading: QMP serves one client at a time, and others may want it. */
    private ExplainReport look() {
        try (QemuMonitor monitor = QemuMonitor.connect(plan.address(), plan.time(), cancellation)) {
            if (plan.freezes()) {
                monitor.stop();
            }
            StateFile state = monitor.readState();
            return StateExplainExperiment.explain(new StatePlan(state, plan.address(),
                    ExplainedInterrupt.Subject.QEMU, plan.interrupt(), plan.to()));
        } catch (QemuException failed) {
            throw failed.withSuppressed();
        }
    }
}
