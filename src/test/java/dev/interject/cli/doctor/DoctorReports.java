package dev.interject.cli.doctor;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.doctor.HostArea;
import dev.interject.experiment.doctor.HostBackend;
import dev.interject.experiment.doctor.HostCheck;
import dev.interject.experiment.doctor.HostFix;
import dev.interject.experiment.doctor.HostReport;
import dev.interject.experiment.doctor.HostStatus;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.kvm.Capability;

/** Reports of other hosts than this one. */
public final class DoctorReports {

    private static final HostCheck KERNEL = new HostCheck(HostArea.HOST, "kernel", HostStatus.NOTE, false, "6.1.2",
            List.of());
    private static final HostCheck OPENS = new HostCheck(HostArea.HOST, "open /dev/kvm", HostStatus.OK, true,
            "root:kvm (gid 104), mode 0660", List.of());
    private static final HostCheck NO_MSI = new HostCheck(HostArea.CAPABILITIES, "KVM_CAP_SIGNAL_MSI",
            HostStatus.MISSING, false, "missing, but not required: message-signalled interrupts", List.of());
    private static final HostCheck IRQCHIP = new HostCheck(HostArea.CAPABILITIES, "KVM_CAP_IRQCHIP", HostStatus.OK,
            true, "PIC, IOAPIC and LAPIC in the kernel", List.of());
    private static final HostCheck DENIED = new HostCheck(HostArea.HOST, "open /dev/kvm", HostStatus.FAILED, true,
            "EACCES (Permission denied); root:kvm (gid 104), mode 0660",
            List.of(new HostFix("", "sudo usermod -aG kvm alice && newgrp kvm"),
                    new HostFix("on a CI runner", "echo 'a=\"1\"' |\nsudo tee /etc/x")));

    private DoctorReports() {}

    /** An Intel host without MSIs. */
    static HostReport able() {
        Map<Capability, Integer> capabilities = new EnumMap<>(Capability.class);
        capabilities.put(Capability.KVM_CAP_IRQCHIP, 1);
        capabilities.put(Capability.KVM_CAP_SIGNAL_MSI, 0);
        return new HostReport(Optional.of(new HostBackend(HostBackend.Kind.INTEL, "kvm_intel")),
                List.of(KERNEL, OPENS, IRQCHIP, NO_MSI), capabilities, Map.of());
    }

    /** One probe for each finding. */
    static HostReport judged() {
        Map<ConformanceProbe, Finding> findings = new EnumMap<>(ConformanceProbe.class);
        findings.put(ConformanceProbe.LAPIC_IN_SERVICE, new Finding.Departs("the ISR is empty"));
        findings.put(ConformanceProbe.LAPIC_PRIORITY, new Finding.Kept("0x51 waits"));
        findings.put(ConformanceProbe.STI_WINDOW, new Finding.Inconclusive("the guest was not ready in time"));
        return new HostReport(Optional.empty(), List.of(
                departure(ConformanceProbe.LAPIC_IN_SERVICE, HostStatus.DEPARTS,
                        "departs: the ISR is empty; so: look out"),
                departure(ConformanceProbe.LAPIC_PRIORITY, HostStatus.OK, "0x51 waits"),
                departure(ConformanceProbe.STI_WINDOW, HostStatus.NOTE,
                        "unknown: the guest was not ready in time")),
                Map.of(), findings);
    }

    private static HostCheck departure(ConformanceProbe probe, HostStatus status, String detail) {
        return new HostCheck(HostArea.DEPARTURES, probe.title(), status, false, detail, List.of());
    }

    /** A host whose device cannot be opened. */
    public static HostReport denied() {
        return new HostReport(Optional.empty(), List.of(KERNEL, DENIED), Map.of(), Map.of());
    }
}
