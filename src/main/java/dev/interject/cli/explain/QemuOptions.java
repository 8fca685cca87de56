package dev.interject.cli.explain;

import static dev.interject.cli.option.UsageException.checked;
import static dev.interject.cli.option.UsageException.require;

import java.time.Duration;
import java.util.function.Consumer;

import dev.interject.cli.option.TargetOptions;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.explain.ExplainChange;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.QemuExplainExperiment;
import dev.interject.experiment.explain.QemuPlan;
import dev.interject.experiment.qemu.QemuMonitor;
import picocli.CommandLine.Option;

/** A VM that runs under QEMU, in place of a guest. */
final class QemuOptions {

    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(1);

    @Option(names = "--qemu", paramLabel = "SOCKET",
            description = {"instead of a guest, the VM of a running QEMU: the Unix socket, or HOST:PORT, of its -qmp;",
                "needs no KVM; needs --irq, --vector or a path without a line"})
    private String socket;

    @Option(names = "--freeze",
            description = "with --qemu: stop the VM while it is read, and let it run on; without, it runs meanwhile")
    private boolean freezes;

    @Option(names = "--watch",
            description = "with --qemu: look again and again, and show when the verdict changes, until Ctrl-C")
    private boolean watches;

    @Option(names = "--interval", paramLabel = "TIME",
            description = "with --watch: from one look to the next (default: 1s)")
    private Duration interval;

    boolean isGiven() {
        return socket != null;
    }

    /** Refuses the other options where they would be ignored. */
    void requireUsed() {
        require(isGiven() || !freezes, "--freeze is for a VM under QEMU: give --qemu SOCKET");
        require(isGiven() || !watches, "--watch is for a VM under QEMU: give --qemu SOCKET");
        require(watches || interval == null, "--interval is for --watch");
        require(interval == null || interval.isPositive(), "--interval must be above 0");
    }

    /**
     * Explains once, or until the user ends it.
     *
     * @param timeout may be null
     * @param changes is called for each explanation but one that is returned without having been watched
     */
    ExplainReport explain(TargetOptions target, Duration timeout, Cancellation cancellation,
            Consumer<ExplainChange> changes) {
        return checked(() -> {
            QemuPlan plan = new QemuPlan(socket, freezes, timeout == null ? QemuMonitor.USUAL_TIME : timeout,
                    target.interrupt(), target.to());
            return watches
                    ? QemuExplainExperiment.watch(plan, interval == null ? USUAL_INTERVAL : interval, cancellation,
                            changes)
                    : QemuExplainExperiment.explain(plan, cancellation);
        });
    }
}
