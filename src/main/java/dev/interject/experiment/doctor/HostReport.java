package dev.interject.experiment.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.Outcome;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.kvm.Capability;

/**
 * The results of an examination of the host.
 *
 * @param backend      the module through which KVM runs guests; empty if unknown
 * @param checks       in the order of the examination, which stops at the first that prevents a run
 * @param capabilities the answers of {@code KVM_CHECK_EXTENSION}; empty if they were not queried
 * @param findings     whether KVM follows the manuals; probes that failed, or did not run, are missing
 */
public record HostReport(Optional<HostBackend> backend, List<HostCheck> checks, Map<Capability, Integer> capabilities,
        Map<ConformanceProbe, Finding> findings) {

    /** Whether {@code interject run} works on this host, with irqchip {@code kernel} and {@code userspace}. */
    public boolean able() {
        return firstThatPrevents().isEmpty();
    }

    /** Whether irqchip {@code split} works as well. */
    public boolean supportsSplit() {
        return checks.stream()
                .anyMatch(check -> check.name().equals(HostProbe.SPLIT_INTERRUPT) && check.status() == HostStatus.OK);
    }

    /** The first check that prevents Interject from running on this host. */
    public Optional<HostCheck> firstThatPrevents() {
        return checks.stream().filter(HostCheck::prevents).findFirst();
    }

    /** Why Interject cannot run on this host, in one line; empty if it can. */
    public Optional<String> reason() {
        return firstThatPrevents().map(check -> check.name() + ": " + check.detail());
    }

    /** The checks of one area, in order. */
    public List<HostCheck> checks(HostArea area) {
        return checks.stream().filter(check -> check.area() == area).toList();
    }

    /** The outcome in JSON: {@code able} or {@code host-unable}. */
    public String outcome() {
        return able() ? "able" : Outcome.HOST_UNABLE.label();
    }
}
