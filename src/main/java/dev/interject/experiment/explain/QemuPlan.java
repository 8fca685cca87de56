package dev.interject.experiment.explain;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.interrupt.route.Route;

/**
 * An interrupt that is explained for a VM that runs under QEMU.
 *
 * @param address of QEMU's QMP: the path of a Unix socket, or {@code HOST:PORT}
 * @param freezes whether the VM is stopped while it is read
 * @param time    how long a reading may take; above 0
 * @param to      the target vCPU; empty: whom the interrupt is addressed to
 */
public record QemuPlan(String address, boolean freezes, Duration time, InterruptChoice interrupt, OptionalInt to) {

    /** @throws IllegalArgumentException if there is no time */
    public QemuPlan {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(interrupt, "interrupt");
        Objects.requireNonNull(to, "to");
        if (!time.isPositive()) {
            throw new InvalidValueException("timeout", "must be above 0");
        }
    }

    /** What can be said of the interrupt before the VM is known. */
    ExplainedInterrupt described() {
        return new ExplainedInterrupt(address, ExplainedInterrupt.Subject.QEMU,
                interrupt.impliedPath().orElse(Route.LINE), interrupt.trigger(), List.of(),
                Optional.empty());
    }
}
