package dev.interject.interrupt.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Intel SDM vol. 3A, "Interrupt Descriptor Table (IDT)", "IDT Descriptors"; vol. 2A, "INT n". */
class IdtEntryTest {

    private static final int VECTOR = 0x41;
    private static final int INTERRUPT_GATE = 0x8e;

    private static IdtEntry entry(CpuSample sample) {
        return IdtEntry.of(sample.state(), VECTOR);
    }

    private static IdtEntry longMode(int selector, int access, long offset) {
        return entry(CpuSample.longMode().gate(VECTOR, access, selector, offset));
    }

    private static IdtEntry protectedMode(int selector, int access, long offset) {
        return entry(CpuSample.protectedMode().gate(VECTOR, access, selector, offset));
    }

    private static String failure(IdtEntry entry) {
        return entry.problem().map(Failure::toString).orElse("");
    }

    @Test
    void longModeGate_isUsableAndShowsAllOfItsAddress() {
        assertThat(longMode(8, INTERRUPT_GATE, 0xffff_8000_89ab_cdefL)).isEqualTo(new IdtEntry(
                "gate to 08:0xffff800089abcdef", Optional.empty(), Optional.empty(), GateType.INTERRUPT, 8,
                0xffff_8000_89ab_cdefL, 0));
    }

    @Test
    void protectedModeGate_isUsableAndShowsItsAddress() {
        assertThat(protectedMode(8, INTERRUPT_GATE, 0x89ab_cdefL)).isEqualTo(new IdtEntry("gate to 08:0x89abcdef",
                Optional.empty(), Optional.empty(), GateType.INTERRUPT, 8, 0x89ab_cdefL, 0));
    }

    @Test
    void gateOf16Bits_hasAnOffsetOf16Bits() {
        assertThat(protectedMode(8, 0x86, 0x89ab_cdefL)).isEqualTo(new IdtEntry("16-bit gate to 08:0xcdef",
                Optional.empty(), Optional.empty(), GateType.INTERRUPT_16, 8, 0xcdefL, 0));
    }

    @Test
    void taskGate_namesATss() {
        assertThat(protectedMode(0x28, 0x85, 0))
                .isEqualTo(new IdtEntry("task gate to TSS 28", Optional.empty(), Optional.empty(),
                        GateType.TASK, 0x28, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x8e, 0x8f, 0xee, 0xef})
    void interruptAndTrapGates_areUsableInLongMode(int access) {
        assertThat(longMode(8, access, 0x8000).isUsable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x85, 0x86, 0x87, 0x8c, 0x89, 0x9e, 0x9f})
    void otherTypes_areNotGatesInLongMode(int access) {
        IdtEntry entry = longMode(8, access, 0x8000);

        assertThat(entry.rule()).isPresent();
        assertThat(failure(entry)).isEqualTo("#GP, error code 0x20b: the entry is not a gate");
        assertThat(entry.evidence()).isEqualTo("type 0x%x".formatted(access & 0x1f));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x85, 0x86, 0x87, 0x8e, 0x8f})
    void taskAnd16BitGates_areUsableInProtectedMode(int access) {
        assertThat(protectedMode(8, access, 0x8000).isUsable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x84, 0x8c, 0x9e})
    void otherTypes_areNotGatesInProtectedMode(int access) {
        assertThat(failure(protectedMode(8, access, 0x8000)))
                .isEqualTo("#GP, error code 0x20b: the entry is not a gate");
    }

    @Test
    void gateThatIsNotPresent_isANotPresentFault() {
        assertThat(failure(longMode(8, 0x0e, 0x8000))).isEqualTo("#NP, error code 0x20b: the gate is not present");
        assertThat(failure(protectedMode(8, 0x0e, 0x8000))).startsWith("#NP");
    }

    @Test
    void entryOfZeros_isNotAGateRatherThanNotPresent() {
        assertThat(longMode(0, 0, 0).rule()).isPresent();
        assertThat(protectedMode(0, 0, 0).rule()).isPresent();
    }

    @Test
    void stackTable_isReadInLongModeOnly() {
        assertThat(entry(CpuSample.longMode().stackTable(VECTOR, 0xfd)).stackTable()).isEqualTo(5);
        assertThat(entry(CpuSample.protectedMode().stackTable(VECTOR, 5)).stackTable()).isZero();
    }

    @Test
    void vectorBeyondTheLimit_isAGeneralProtectionFault() {
        IdtEntry entry = entry(CpuSample.longMode().idtLimit(0x1f));

        assertThat(entry.evidence()).isEqualTo("limit 0x1f, vector 0x41 ends at 0x41f");
        assertThat(failure(entry)).isEqualTo("#GP, error code 0x20b: the table ends before this vector");
    }

    @ParameterizedTest
    @CsvSource({"LONG, 0x41f", "PROTECTED, 0x20f", "REAL, 0x107"})
    void limit_isThatOfTheEntrysLastByte(CpuMode mode, String least) {
        CpuSample sample = switch (mode) {
            case LONG -> CpuSample.longMode();
            case REAL -> CpuSample.realMode();
            default -> CpuSample.protectedMode();
        };

        assertThat(entry(sample.idtLimit(Integer.decode(least))).isUsable()).isTrue();
        assertThat(failure(entry(sample.idtLimit(Integer.decode(least) - 1)))).startsWith("#GP");
    }

    @Test
    void tableThatIsNotMappedThatFar_isAPageFault() {
        IdtEntry entry = entry(CpuSample.longMode().idtBytes(0x41f));

        assertThat(entry.evidence()).isEqualTo("base 0x3000 is not mapped that far");
        assertThat(failure(entry)).isEqualTo("#PF, error code 0x0: the table cannot be read");
        assertThat(entry(CpuSample.longMode().idtBytes(0x420)).isUsable()).isTrue();
    }

    @Test
    void tableBeyondRam_isNoExceptionWithoutPaging() {
        assertThat(failure(entry(CpuSample.realMode().idtBytes(0x100))))
                .startsWith("there is no RAM");
        assertThat(failure(entry(CpuSample.protectedMode().cr0(CpuSample.CR0_PG).idtBytes(0x100))))
                .startsWith("there is no RAM");
    }

    @Test
    void realModeEntry_isUsableAndShowsSegmentAndOffset() {
        assertThat(entry(CpuSample.realMode().vector(VECTOR, 0xf000, 0x1234))).isEqualTo(new IdtEntry(
                "IVT[0x41] = f000:1234", Optional.empty(), Optional.empty(), GateType.REAL_MODE, 0xf000, 0x1234, 0));
    }

    @Test
    void realModeEntryOfZeros_isNotAHandler() {
        assertThat(failure(entry(CpuSample.realMode().vector(VECTOR, 0, 0))))
                .isEqualTo("the entry is null: the CPU would execute the IVT as code");
    }

    /** Real mode has no error codes (Intel SDM vol. 2A, "INT n", operation). */
    @Test
    void realModeLimit_isAFaultWithoutErrorCode() {
        assertThat(failure(entry(CpuSample.realMode().idtLimit(7)))).isEqualTo(
                "#GP: the table ends before this vector");
    }

    @Test
    void lastVector_isReadInEveryMode() {
        assertThat(IdtEntry.of(CpuSample.longMode().state(), 255).isUsable()).isTrue();
        assertThat(IdtEntry.of(CpuSample.protectedMode().state(), 255).isUsable()).isTrue();
        assertThat(IdtEntry.of(CpuSample.realMode().state(), 255).isUsable()).isTrue();
    }
}
