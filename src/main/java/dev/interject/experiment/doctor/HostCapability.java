package dev.interject.experiment.doctor;

import java.util.List;

import dev.interject.kvm.Capability;

/** Turns an answer of {@code KVM_CHECK_EXTENSION} into a check. */
final class HostCapability {

    /** The answer for a capability that is either present or not. */
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
                        List.of(HostFix.of("use a newer x86 kernel, or one that is built with it")))
                : new HostCheck(HostArea.CAPABILITIES, capability.name(), HostStatus.MISSING, false,
                        "missing, but not required: " + capability.meaning(), List.of());
    }
}
