package dev.interject.experiment.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.OptionalInt;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostFactsTest {

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void plant() {
        tree = new HostTree(root);
    }

    @Test
    void emptyRoot_givesNoFacts(@TempDir Path empty) {
        HostFacts facts = HostFacts.read(empty);

        assertThat(facts.kernel()).isEqualTo("unknown");
        assertThat(facts.cpuVendor()).isEmpty();
        assertThat(facts.cpuFlags()).isEmpty();
        assertThat(facts.backend()).isEmpty();
        assertThat(facts.device()).isEmpty();
        assertThat(facts.containerMarker()).isEmpty();
        assertThat(facts.cannotVirtualize()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"GenuineIntel, fpu vmx sse, vmx, true", "AuthenticAMD, fpu svm sse, svm, false"})
    void virtualizationFlag_isThatOfTheFirstCpu(String vendor, String flags, String flag, boolean usesVmx) {
        HostFacts facts = tree.cpu(vendor, flags).read();

        assertThat(facts.virtualizationFlag()).contains(flag);
        assertThat(facts.usesVmx()).isEqualTo(usesVmx);
        assertThat(facts.cannotVirtualize()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fpu sse", "fpu vmx_like svm_lock", ""})
    void noFlagAndNoDevice_cannotVirtualize(String flags) {
        assertThat(tree.cpu("GenuineIntel", flags).read().cannotVirtualize()).isTrue();
    }

    @Test
    void noFlagButADevice_canVirtualize() {
        assertThat(tree.cpu("AuthenticAMD", "fpu").file("dev/kvm", "").read().cannotVirtualize()).isFalse();
    }

    @Test
    void noFlagButAKernelThatOffersKvm_canVirtualize() {
        HostFacts facts = tree.cpu("AuthenticAMD", "fpu").kernelOffersKvm().read();

        assertThat(facts.cannotVirtualize()).isFalse();
        assertThat(facts.kvmMinor()).hasValue(232);
    }

    @ParameterizedTest
    @CsvSource({"kvm_intel, INTEL", "kvm_amd, AMD", "kvm_pvm, OTHER"})
    void backend_isThatOfTheModule(String module, HostBackend.Kind kind) {
        HostFacts facts = tree.module("kvm").module(module).module("ext4").read();

        assertThat(facts.backend()).contains(new HostBackend(kind, module));
    }

    @Test
    void moduleKvmAlone_isNotABackend() {
        assertThat(tree.module("kvm").module("kvmgt").read().backend()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/dev/null, character device 1:3", "/dev/zero, character device 1:5", "/tmp, directory",
        "/proc/self/status, regular file"})
    void otherFileThanKvm_isAMismatch(Path file, String type) {
        assertThat(HostDevice.read(file).orElseThrow().mismatch(OptionalInt.of(231)))
                .contains(type + ", not character device 10:231");
    }

    @Test
    @RequiresKvm
    void deviceOfThisHost_isNotAMismatch() {
        assertThat(HostFacts.read(Path.of("/")).deviceMismatch()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.dockerenv", "/run/.containerenv"})
    void containerMarker_isFound(String marker) {
        assertThat(tree.file(marker.substring(1), "").read().containerMarker()).contains(marker);
    }

    @Test
    void user_isTheEffectiveOneWithAllGroups() {
        HostUser user = tree.read().user();

        assertThat(user.uid()).isEqualTo(1001);
        assertThat(user.groups()).containsExactly(4L, 24L, 101L);
    }
}
