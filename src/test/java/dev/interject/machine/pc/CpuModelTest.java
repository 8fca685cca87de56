package dev.interject.machine.pc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.kvm.state.CpuidEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuModelTest {

    private static final List<CpuidEntry> HOST = List.of(
            CpuidEntry.leaf(1, 0x123, 0xabcdef01, -1, -1),
            CpuidEntry.leaf(7, 2, -1, -1, -1),
            CpuidEntry.leaf(0xd, 7, 1, 2, 3),
            CpuidEntry.leaf(0x80000001, 0, 0, -1, -1));

    private static CpuidEntry leaf(String model, int function) {
        return CpuModel.of(model)
                .leaves(HOST)
                .stream()
                .filter(entry -> entry.function() == function)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void host_isUnchanged() {
        assertThat(CpuModel.of("host").leaves(HOST)).isEqualTo(HOST);
        assertThat(CpuModel.of("host")).isEqualTo(CpuModel.HOST);
    }

    @Test
    void plainCpu_hasTheFirst64BitFeatures() {
        assertThat(leaf("x86-64", 1).edx()).isEqualTo(0x178bfbfd & ~(1 << 1) | 1 << 17);
        assertThat(leaf("x86-64", 1).ecx()).isEqualTo(1 << 31 | 1 << 24 | 1 << 21);
        assertThat(leaf("x86-64", 1).ebx()).isEqualTo(0xabcdef01);
        assertThat(leaf("x86-64", 7).ebx()).isZero();
        assertThat(leaf("x86-64", 0x80000001).edx()).isEqualTo(1 << 29 | 1 << 20 | 1 << 11);
        assertThat(CpuModel.of("x86-64").leaves(HOST)).noneMatch(entry -> entry.function() == 0xd);
    }

    @Test
    void features_areAddedAndRemoved() {
        assertThat(leaf("x86-64,+cx16,-sse2", 1).ecx() & 1 << 13).isNotZero();
        assertThat(leaf("x86-64,+cx16,-sse2", 1).edx() & 1 << 26).isZero();
        assertThat(leaf("-x2apic", 1).ecx()).isEqualTo(~(1 << 21));
        assertThat(leaf("-tsc-deadline", 1).ecx()).isEqualTo(~(1 << 24));
    }

    @Test
    void limitedModel_hasNothingThatTheHostLacks() {
        CpuModel limited = new CpuModel(true, Set.of(CpuFeature.CX16, CpuFeature.SMEP), Set.of(), true,
                Optional.empty());

        assertThat(limited.leaves(HOST).getFirst().ecx() & 1 << 13).isNotZero();
        assertThat(limited.leaves(List.of(CpuidEntry.leaf(7, 2, 1, 0, 0))).getFirst().ebx()).isZero();
    }

    @Test
    void vendor_isInItsLeaves() {
        CpuModel model = new CpuModel(false, Set.of(), Set.of(), true, Optional.of("GenuineIntel"));
        CpuidEntry leaf = model.leaves(List.of(CpuidEntry.leaf(0, 0xd, 1, 2, 3))).getFirst();

        assertThat(leaf).isEqualTo(CpuidEntry.leaf(0, 0xd, 0x756e6547, 0x6c65746e, 0x49656e69));
        assertThat(model).hasToString("host,vendor=GenuineIntel");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CpuModel(false, Set.of(), Set.of(), true, Optional.of("Intel")));
    }

    @Test
    void cpuWithoutLapic_saysSo() {
        assertThat(CpuModel.HOST.withoutLapic().leaves(HOST).getFirst().edx()).isEqualTo(~(1 << 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pentium", "host,sse", "+nonsense", "host,,", "x86-64,host"})
    void unknownName_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CpuModel.of(text));
    }

    @Test
    void text_isReadBack() {
        assertThat(CpuModel.of("x86-64,+cx16,-sse2")).hasToString("x86-64,+cx16,-sse2");
    }
}
