package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.Arrays;
import java.util.List;

import dev.interject.RequiresKvm;
import dev.interject.kvm.state.CpuidEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresKvm
class KvmTest {

    /** KVM's signature leaf; "KVMKVMKVM" in EBX, ECX and EDX (Documentation/virt/kvm/x86/cpuid.rst). */
    private static final int SIGNATURE_LEAF = 0x40000000;

    private Kvm kvm;

    @BeforeEach
    void open() {
        kvm = Kvm.open();
    }

    @AfterEach
    void close() {
        kvm.close();
    }

    @Test
    void apiVersion_isTheStableOne() {
        assertThat(kvm.apiVersion()).isEqualTo(Kvm.STABLE_API_VERSION).isEqualTo(12);
    }

    @Test
    void requiredCapabilities_arePresent() {
        List<Capability> required = Arrays.stream(Capability.values()).filter(Capability::required).toList();

        assertThat(required).hasSizeGreaterThan(5)
                .allSatisfy(capability -> assertThat(kvm.check(capability)).isPositive());
    }

    @Test
    void hostThatRunsTests_hasWhatRunsNeed() {
        assertThatNoException().isThrownBy(kvm::requireWhatRunsNeed);
    }

    @Test
    void numericCapability_keepsItsValue() {
        assertThat(kvm.check(Capability.KVM_CAP_NR_MEMSLOTS)).isGreaterThan(1);
    }

    @Test
    void supportedCpuid_hasTheCpusAndKvmsOwnLeaves() {
        List<CpuidEntry> leaves = kvm.supportedCpuid();

        assertThat(leaves).extracting(CpuidEntry::function).contains(0, 1, SIGNATURE_LEAF);
        assertThat(leaves).filteredOn(leaf -> leaf.function() == SIGNATURE_LEAF)
                .singleElement()
                .extracting(CpuidEntry::ebx, CpuidEntry::ecx, CpuidEntry::edx)
                .containsExactly(0x4b4d564b, 0x564b4d56, 0x4d);
    }

    @Test
    void twoMachines_areIndependent() {
        try (VirtualMachine first = kvm.createVirtualMachine(); VirtualMachine second = kvm.createVirtualMachine()) {
            first.createIrqchip();

            assertThat(first.hasPicInKernel()).isTrue();
            assertThat(second.hasPicInKernel()).isFalse();
        }
    }
}
