package dev.interject.experiment.doctor;

import java.util.List;

import dev.interject.kvm.Capability;

/** Judges what {@code KVM_CHECK_EXTENSION} answered. */
final class HostCapability {

    /** The answer of a capability that has no number of its own to give. */
    private static final int PRESENT = 1;

    private HostCapability() {}

    /** @param answer 0: the capability is missing */
    static HostCheck check(Capability capability, int answer) {
        if (answer > 0) {
            return new HostCheck(HostArea.CAPABILITIES, capability.name(), HostStatus.OK, capability.required(),
                    (answer == PRESENT ? "" : answer + ": ") + capability.meaning(), List.of());
        }
        return capability.required()
                ? HostCheck.missing(HostArea.CAPABILITIES, capability.name(), "missing: " + capability.meaning(),
                        List.of(HostFix.of("a newer kernel, or one built with it, on an x86 host")))
                : new HostCheck(HostArea.CAPABILITIES, capability.name(), HostStatus.MISSING, false,
                        "missing, and run does without: " + capability.meaning(), List.of());
    }
}
