package dev.interject.experiment.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.kvm.Capability;

/**
 * What the examination of the host found.
 *
 * @param backend      what KVM runs guests with; empty where that cannot be told
 * @param checks       in the order in which they were made; it ends where going on made no sense
 * @param capabilities what {@code KVM_CHECK_EXTENSION} answered; empty where it did not come to that
 * @param findings     where KVM departs from the manuals and where it does not; empty where it did not come to that
 */
public record HostReport(Optional<HostBackend> backend, List<HostCheck> checks, Map<Capability, Integer> capabilities,
        Map<ConformanceProbe, Finding> findings) {

    /** Whether {@code interject run} works here, with the irqchip in the kernel and without. */
    public boolean able() {
        return firstThatPrevents().isEmpty();
    }

    /** Whether a split irqchip works here, too. */
    public boolean splits() {
        return checks.stream()
                .anyMatch(check -> check.name().equals(HostProbe.SPLIT_INTERRUPT) && check.status() == HostStatus.OK);
    }

    /** What keeps Interject from running here. */
    public Optional<HostCheck> firstThatPrevents() {
        return checks.stream().filter(HostCheck::prevents).findFirst();
    }

    /** Why Interject cannot run here, in one line. */
    public Optional<String> reason() {
        return firstThatPrevents().map(check -> check.name() + ": " + check.detail());
    }

    /** The checks of one area, in order. */
    public List<HostCheck> checks(HostArea area) {
        return checks.stream().filter(check -> check.area() == area).toList();
    }

    /** {@code able} or {@code host-unable}. */
    public String outcome() {
        return able() ? "able" : Outcome.HOST_UNABLE.label();
    }
}
