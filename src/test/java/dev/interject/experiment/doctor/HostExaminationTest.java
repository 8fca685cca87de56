package dev.interject.experiment.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.kvm.Capability;
import dev.interject.linux.Failure;
import dev.interject.linux.error.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostExaminationTest {

    @TempDir
    private Path root;

    @Test
    void hostWithoutVirtualization_isUnsupportedWithoutTrials() {
        HostReport report = HostExamination.examine(new HostTree(root).cpu("GenuineIntel", "fpu").read());

        assertThat(report.able()).isFalse();
        assertThat(report.outcome()).isEqualTo("host-unable");
        assertThat(report.reason()).contains(
                "CPU virtualization: no vmx or svm flag in /proc/cpuinfo, and no /dev/kvm");
        assertThat(report.checks(HostArea.CAPABILITIES)).isEmpty();
        assertThat(report.checks(HostArea.PROBES)).isEmpty();
        assertThat(report.capabilities()).isEmpty();
        assertThat(report.backend()).isEmpty();
        assertThat(report.findings()).isEmpty();
    }

    @Test
    void absentDevice_isMissing() {
        HostCheck check = opening(Errno.ENOENT);

        assertThat(check.status()).isEqualTo(HostStatus.MISSING);
        assertThat(check.prevents()).isTrue();
        assertThat(check.detail()).isEqualTo("ENOENT (No such file or directory)");
    }

    @Test
    void deviceWithoutPermission_failsNamingItsOwners() {
        new HostTree(root).file("dev/kvm", "");

        HostCheck check = opening(Errno.EACCES);

        assertThat(check.status()).isEqualTo(HostStatus.FAILED);
        assertThat(check.detail()).startsWith("EACCES (Permission denied); ").contains("(gid ", "mode ");
    }

    @Test
    void missingRequiredCapability_prevents() {
        HostCheck check = HostCapability.check(Capability.KVM_CAP_IRQCHIP, 0);

        assertThat(check.status()).isEqualTo(HostStatus.MISSING);
        assertThat(check.prevents()).isTrue();
        assertThat(check.fixes()).isNotEmpty();
    }

    @Test
    void missingOptionalCapability_preventsNothing() {
        HostCheck check = HostCapability.check(Capability.KVM_CAP_SIGNAL_MSI, 0);

        assertThat(check.status()).isEqualTo(HostStatus.MISSING);
        assertThat(check.prevents()).isFalse();
    }

    @Test
    void capabilityWithANumber_showsIt() {
        assertThat(HostCapability.check(Capability.KVM_CAP_NR_VCPUS, 8).detail()).startsWith("8: ");
        assertThat(HostCapability.check(Capability.KVM_CAP_IRQCHIP, 1).detail()).startsWith("PIC");
    }

    @Test
    @RequiresKvm
    void thisHost_supportsEveryIrqchip() {
        HostReport report = HostExamination.examine();

        assertThat(report.reason()).isEmpty();
        assertThat(report.outcome()).isEqualTo("able");
        assertThat(report.capabilities()).containsOnlyKeys(Capability.values());
        assertThat(report.checks(HostArea.PROBES)).extracting(HostCheck::name)
                .containsExactly("KVM_GET_API_VERSION", "KVM_GET_SUPPORTED_CPUID", "KVM_CREATE_VM",
                        "vCPU, irqchip kernel", "interrupt, irqchip kernel", "vCPU, irqchip split",
                        "interrupt, irqchip split", "vCPU, irqchip userspace", "interrupt, irqchip userspace");
    }

    @Test
    void departure_hasItsConsequenceAndPreventsNothing() {
        HostCheck check = HostCheck.of(ConformanceProbe.STI_WINDOW, new Finding.Departs("taken in 0 of 16"));

        assertThat(check.status()).isEqualTo(HostStatus.DEPARTS);
        assertThat(check.detail())
                .isEqualTo("departs: taken in 0 of 16; so: " + ConformanceProbe.STI_WINDOW.consequence());
        assertThat(check.prevents()).isFalse();
        assertThat(check.isBad()).isFalse();
    }

    @Test
    void keptAndInconclusive_preventNothing() {
        HostCheck kept = HostCheck.of(ConformanceProbe.STI_WINDOW, new Finding.Kept("taken in 16 of 16"));
        HostCheck inconclusive = HostCheck.of(ConformanceProbe.STI_WINDOW, new Finding.Inconclusive("not ready"));

        assertThat(kept.status()).isEqualTo(HostStatus.OK);
        assertThat(inconclusive.status()).isEqualTo(HostStatus.NOTE);
        assertThat(inconclusive.detail()).isEqualTo("unknown: not ready");
        assertThat(List.of(kept, inconclusive)).noneMatch(HostCheck::isBad);
    }

    @Test
    @RequiresKvm
    void thisHost_isTestedByEveryProbe() {
        HostReport report = HostExamination.examine();

        assertThat(report.findings()).containsOnlyKeys(ConformanceProbe.values());
        assertThat(report.checks(HostArea.DEPARTURES)).hasSameSizeAs(ConformanceProbe.values())
                .noneMatch(HostCheck::isBad);
    }

    @Test
    @RequiresKvm
    void manyExaminations_leaveNothingBehind() throws IOException {
        HostExamination.examine();
        List<String> before = openKvmDescriptors();

        Stream.generate(HostExamination::examine).limit(10).forEach(report -> assertThat(report.able()).isTrue());

        assertThat(openKvmDescriptors()).isEqualTo(before).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("vcpu"));
    }

    @Test
    void otherFileThanKvm_isNamedWithoutOpeningIt() {
        HostReport report = HostExamination.examine(new HostTree(root).cpu("GenuineIntel", "vmx")
                .file("dev/kvm", "")
                .read());

        assertThat(report.reason()).contains("open /dev/kvm: regular file, not character device 10:232");
        assertThat(report.firstThatPrevents().orElseThrow().fixes()).isNotEmpty();
    }

    private HostCheck opening(int errno) {
        return HostExamination.opening(Failure.of(HostFixes.OPEN, errno), HostFacts.read(root));
    }

    private static List<String> openKvmDescriptors() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.map(HostExaminationTest::target).filter(target -> target.contains("kvm")).toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
