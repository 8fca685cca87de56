package dev.interject.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.interject.kvm.state.CpuidEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuidTableTest {

    private static final int TSC_DEADLINE = 1 << 24;

    private static CpuidEntry leaf(int function, int index) {
        return new CpuidEntry(function, index, 1, 0x0a0a0a0a, 0x0b0b0b0b, 0x0c0c0c0c & ~TSC_DEADLINE, 0x0d0d0d0d);
    }

    private static CpuidEntry of(CpuidEntry supported, int apicId) {
        List<CpuidEntry> table = CpuidTable.of(List.of(supported), apicId);
        assertThat(table).hasSize(1);
        return table.getFirst();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 255})
    void features_haveTheApicIdInTheTopByteOfEbx(int apicId) {
        CpuidEntry host = leaf(1, 0);

        assertThat(of(host, apicId)).isEqualTo(new CpuidEntry(1, 0, 1, host.eax(),
                apicId << 24 | 0x0b0b0b, host.ecx(), host.edx()));
    }

    @Test
    void tscDeadline_isAddedToTheFeatures() {
        CpuidEntry host = leaf(1, 0);

        List<CpuidEntry> table = CpuidTable.withTscDeadline(List.of(host, leaf(7, 0)));

        assertThat(table.getFirst().ecx()).isEqualTo(host.ecx() | TSC_DEADLINE);
        assertThat(table.getLast()).isEqualTo(leaf(7, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xb, 0x1f})
    void topology_hasTheApicIdInEdxAtEveryLevel(int function) {
        List<CpuidEntry> table = CpuidTable.of(List.of(leaf(function, 0), leaf(function, 1)), 3);

        assertThat(table).extracting(CpuidEntry::edx).containsExactly(3, 3);
        assertThat(table).extracting(CpuidEntry::index).containsExactly(0, 1);
        assertThat(table).extracting(CpuidEntry::ebx).containsOnly(0x0b0b0b0b);
    }

    @Test
    void topologyOfAmd_hasTheApicIdInEax() {
        CpuidEntry host = leaf(0x8000001e, 0);

        assertThat(of(host, 3)).isEqualTo(
                new CpuidEntry(host.function(), 0, 1, 3, host.ebx(), host.ecx(), host.edx()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 0x40000101, 0x80000001})
    void otherLeaves_areTheHosts(int function) {
        CpuidEntry host = leaf(function, 2);

        assertThat(of(host, 3)).isEqualTo(host);
    }
}
