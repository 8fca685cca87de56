package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import dev.interject.interrupt.state.GuestState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdtEntryTest {

    private static final int INTERRUPT_GATE = 0x8e;

    /** A table of two entries, of which the second is this one. */
    private static GuestStateSample longMode(int selector, int access, long offset) {
        byte[] table = new byte[32];
        ByteBuffer.wrap(table)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(16)
                .putShort((short) offset)
                .putShort((short) selector)
                .put((byte) 0)
                .put((byte) access)
                .putShort((short) (offset >> 16))
                .putInt((int) (offset >> 32));
        return open().idt(table);
    }

    private static GuestStateSample protectedMode(int selector, int access) {
        byte[] longEntry = longMode(selector, access, 0x89ab_cdefL).state().cpu().tables().idt();
        byte[] table = new byte[16];
        System.arraycopy(longEntry, 16, table, 8, 8);
        return open().inProtectedMode().idt(table);
    }

    private static IdtEntry second(GuestStateSample sample) {
        return IdtEntry.of(sample.state(), 1);
    }

    @Test
    void longModeGate_isUsableAndShowsAllOfItsAddress() {
        IdtEntry entry = second(longMode(8, INTERRUPT_GATE, 0xffff_8000_89ab_cdefL));

        assertThat(entry).isEqualTo(new IdtEntry("gate to 08:0xffff800089abcdef", null, 8, 0xffff_8000_89ab_cdefL, 0));
        assertThat(entry.isUsable()).isTrue();
    }

    @Test
    void protectedModeGate_isUsableAndShowsItsAddress() {
        assertThat(second(protectedMode(8, INTERRUPT_GATE)))
                .isEqualTo(new IdtEntry("gate to 08:0x89abcdef", null, 8, 0x89ab_cdefL, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x8e, 0x8f, 0xee, 0xef})
    void interruptAndTrapGates_areUsableInLongMode(int access) {
        assertThat(second(longMode(8, access, 0x8000)).isUsable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x85, 0x86, 0x87, 0x8c, 0x89, 0x9e, 0x9f})
    void otherTypes_areNotGatesInLongMode(int access) {
        IdtEntry entry = second(longMode(8, access, 0x8000));

        assertThat(entry.isUsable()).isFalse();
        assertThat(entry.fault()).isEqualTo("#GP: the entry is not a gate");
        assertThat(entry.evidence()).isEqualTo("type 0x%x".formatted(access & 0x1f));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x85, 0x86, 0x87, 0x8e, 0x8f})
    void taskAnd16BitGates_areUsableInProtectedMode(int access) {
        assertThat(second(protectedMode(8, access)).isUsable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x84, 0x8c, 0x9e})
    void otherTypes_areNotGatesInProtectedMode(int access) {
        assertThat(second(protectedMode(8, access)).fault()).startsWith("#GP: the entry is not a gate");
    }

    @Test
    void gateThatIsNotPresent_isANotPresentFault() {
        assertThat(second(longMode(8, 0x0e, 0x8000)).fault()).startsWith("#NP");
        assertThat(second(protectedMode(8, 0x0e)).fault()).startsWith("#NP");
    }

    @Test
    void entryOfZeros_isNotAGateRatherThanNotPresent() {
        assertThat(second(longMode(0, 0, 0)).fault()).startsWith("#GP: the entry is not a gate");
        assertThat(second(protectedMode(0, 0)).fault()).startsWith("#GP: the entry is not a gate");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void nullSelector_isAGeneralProtectionFault(int selector) {
        assertThat(second(longMode(selector, INTERRUPT_GATE, 0x8000)).fault())
                .isEqualTo("#GP: the gate's code segment is the null selector");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0000_8000_0000_0000L, 0xffff_7fff_ffff_ffffL, 0x0100_0000_0000_0000L})
    void addressThatIsNotCanonical_isAGeneralProtectionFault(long address) {
        assertThat(second(longMode(8, INTERRUPT_GATE, address)).fault())
                .isEqualTo("#GP: the handler's address is not canonical");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0000_7fff_ffff_ffffL, 0xffff_8000_0000_0000L})
    void addressAtTheEdgeOfTheCanonical_isUsable(long address) {
        assertThat(second(longMode(8, INTERRUPT_GATE, address)).isUsable()).isTrue();
    }

    @Test
    void fiveLevelsOfPaging_widenWhatIsCanonical() {
        assertThat(second(longMode(8, INTERRUPT_GATE, 0x00ff_8000_0000_0000L).withFiveLevelsOfPaging()).isUsable())
                .isTrue();
        assertThat(second(longMode(8, INTERRUPT_GATE, 0x0100_0000_0000_0000L).withFiveLevelsOfPaging()).isUsable())
                .isFalse();
    }

    @Test
    void stackTable_isReadInLongModeOnly() {
        GuestStateSample withStack = longMode(8, INTERRUPT_GATE, 0x8000);
        byte[] table = withStack.state().cpu().tables().idt();
        table[16 + 4] = (byte) 0xfd; // IST 5, and reserved bits

        assertThat(second(withStack).stackTable()).isEqualTo(5);
        byte[] protectedTable = protectedMode(8, INTERRUPT_GATE).state().cpu().tables().idt();
        protectedTable[8 + 4] = 5;
        assertThat(second(open().inProtectedMode().idt(protectedTable)).stackTable()).isZero();
    }

    @Test
    void vectorBeyondTheLimit_isAGeneralProtectionFault() {
        IdtEntry entry = IdtEntry.of(open().idt(new byte[32]).state(), 2);

        assertThat(entry.evidence()).isEqualTo("limit 0x1f, vector 0x02 ends at 0x2f");
        assertThat(entry.fault()).startsWith("#GP: the table ends before this vector");
    }

    @Test
    void limitWithinTheEntry_isAGeneralProtectionFault() {
        byte[] gates = TableSample.gates();

        assertThat(IdtEntry.of(open().idt(0x2e, gates).state(), 2).fault()).startsWith("#GP");
        assertThat(IdtEntry.of(open().idt(0x2f, gates).state(), 2).isUsable()).isTrue();
    }

    @Test
    void tableThatIsNotMappedThatFar_isAPageFault() {
        byte[] gates = TableSample.gates();

        assertThat(IdtEntry.of(open().idt(0xfff, Arrays.copyOf(gates, 0x2f)).state(), 2)).isEqualTo(
                new IdtEntry("base 0x9000 is not mapped that far", "#PF: the table cannot be read", 0, 0, 0));
        assertThat(IdtEntry.of(open().idt(0xfff, Arrays.copyOf(gates, 0x30)).state(), 2).isUsable()).isTrue();
    }

    @Test
    void emptyTable_hasNoVectorAtAll() {
        assertThat(IdtEntry.of(open().idt(0, new byte[1]).state(), 0).isUsable()).isFalse();
    }

    @Test
    void realModeEntry_isUsableAndShowsSegmentAndOffset() {
        GuestState state = open().inRealMode().idt(new byte[]{0, 0, 0, 0, 0x34, 0x12, 0x00, (byte) 0xf0}).state();

        assertThat(IdtEntry.of(state, 1)).isEqualTo(new IdtEntry("IVT[0x01] = f000:1234", null, 0xf000, 0x1234, 0));
    }

    @Test
    void realModeEntryOfZeros_isNotAHandler() {
        GuestState state = open().inRealMode().idt(new byte[8]).state();

        assertThat(IdtEntry.of(state, 1))
                .isEqualTo(
                        new IdtEntry("IVT[0x01] = 0000:0000",
                                "the entry is null: the CPU would execute the IVT as code", 0, 0, 0));
    }

    @Test
    void realModeLimit_isHonoured() {
        assertThat(IdtEntry.of(open().inRealMode().idt(new byte[8]).state(), 2).fault()).startsWith("#GP");
    }

    @Test
    void lastVector_isReadInEveryMode() {
        byte[] ivt = new byte[1024];
        ivt[1023] = 1;

        assertThat(IdtEntry.of(open().state(), 255).isUsable()).isTrue();
        assertThat(IdtEntry.of(open().inRealMode().idt(ivt).state(), 255).isUsable()).isTrue();
    }
}
