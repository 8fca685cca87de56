package dev.interject.experiment.boot;

import java.util.List;

import dev.interject.experiment.Cancellation;

/** Boots a guest and waits for its end. */
public final class BootExperiment {

    private BootExperiment() {}

    /**
     * Runs the guest to its end.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if the image cannot be booted
     * @throws dev.interject.linux.error.SystemCallException     if a call failed; it names the call
     * @throws dev.interject.kvm.UnsupportedKvmException         if this host's KVM lacks something
     */
    public static BootReport run(BootPlan plan, BootConsole console, Cancellation cancellation) {
        try (BootedPc pc = build(plan)) {
            pc.connect(console);
            pc.start();
            BootEnd end = pc.awaitEnd(plan.timeout(), cancellation);
            return new BootReport(end, end.isFailure() ? pc.postMortems() : List.of());
        }
    }

    private static BootedPc build(BootPlan plan) {
        PcBuilder builder = BootedPc.builder(plan.software(), plan.hardware());
        return plan.until().map(builder::until).orElse(builder).build();
    }
}
