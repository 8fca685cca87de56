package dev.interject.device;

import static dev.interject.device.IoapicBench.DELIVERY_PENDING;
import static dev.interject.device.IoapicBench.LEVEL;
import static dev.interject.device.IoapicBench.MASKED;
import static dev.interject.device.IoapicBench.REMOTE_IRR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two memory-mapped registers and the registers behind them. */
class IoapicRegistersTest {

    private final IoapicBench bench = new IoapicBench();

    @Test
    void afterReset_everyPinIsMasked() {
        assertThat(bench.ioapic.state())
                .isEqualTo(new IoapicState(0, Collections.nCopies(24, new Redirection(MASKED))));
        assertThat(bench.read(Ioapic.REDIRECTION + 2 * 23)).isEqualTo(MASKED);
        assertThat(bench.read(Ioapic.REDIRECTION + 2 * 23 + 1)).isZero();
    }

    @Test
    void version_saysThatThereAre24PinsAndIsReadOnly() {
        bench.write(Ioapic.VERSION, -1);

        assertThat(bench.read(Ioapic.VERSION)).isEqualTo(0x00170011);
    }

    @Test
    void id_hasFourBitsAndIsTheArbitrationIdToo() {
        bench.write(Ioapic.ID, -1);
        bench.write(Ioapic.ARBITRATION_ID, 0);

        assertThat(bench.read(Ioapic.ID)).isEqualTo(0x0f000000);
        assertThat(bench.read(Ioapic.ARBITRATION_ID)).isEqualTo(0x0f000000);
    }

    @Test
    void entry_isReadAsWritten() {
        bench.write(Ioapic.REDIRECTION + 2 * 10, 0xabcd_0000 | 0x294a);
        bench.write(Ioapic.REDIRECTION + 2 * 10 + 1, 0x12345678);

        assertThat(bench.entry(10).bits()).isEqualTo(0x12345678_abcd294aL);
        assertThat(bench.read(Ioapic.REDIRECTION + 2 * 10)).isEqualTo(0xabcd294a);
        assertThat(bench.read(Ioapic.REDIRECTION + 2 * 10 + 1)).isEqualTo(0x12345678);
        assertThat(bench.entry(9)).isEqualTo(Redirection.RESET);
        assertThat(bench.entry(11)).isEqualTo(Redirection.RESET);
    }

    @Test
    void readOnlyBits_cannotBeSetByAWrite() {
        bench.program(3, REMOTE_IRR | DELIVERY_PENDING | LEVEL | MASKED);

        assertThat(bench.entry(3).bits()).isEqualTo(LEVEL | MASKED);
    }

    @Test
    void readOnlyBits_surviveAWrite() {
        restore(3, REMOTE_IRR | DELIVERY_PENDING | LEVEL | MASKED);

        bench.program(3, LEVEL | MASKED | 0x33);
        bench.write(Ioapic.REDIRECTION + 2 * 3 + 1, 0);

        assertThat(bench.entry(3).bits()).isEqualTo(REMOTE_IRR | DELIVERY_PENDING | LEVEL | MASKED | 0x33);
    }

    @Test
    void writeToTheUpperHalfOfAnEdge_clearsItsRemoteIrrToo() {
        restore(3, REMOTE_IRR | MASKED);

        bench.write(Ioapic.REDIRECTION + 2 * 3 + 1, 0);

        assertThat(bench.entry(3).bits()).isEqualTo(MASKED);
    }

    private void restore(int pin, int bits) {
        List<Redirection> entries = new ArrayList<>(bench.ioapic.state().entries());
        entries.set(pin, new Redirection(bits));
        bench.ioapic.restore(new IoapicState(0, entries));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x03, 0x0f, 0x40, 0x41, 0x7f, 0x80, 0xff})
    void indexWithoutARegister_readsAllOnesAndIgnoresWrites(int register) {
        IoapicState before = bench.ioapic.state();

        bench.write(register, 0);

        assertThat(bench.read(register)).isEqualTo(-1);
        assertThat(bench.ioapic.state()).isEqualTo(before);
        assertThat(bench.heard).isEmpty();
    }

    @Test
    void index_hasEightBits() {
        bench.ioapic.write(Ioapic.INDEX, 4, 0xffffff01);

        assertThat(bench.ioapic.read(Ioapic.INDEX, 4)).isEqualTo(0x01);
        assertThat(bench.ioapic.read(Ioapic.DATA, 4)).isEqualTo(0x00170011);
    }

    @ParameterizedTest
    @CsvSource({"1, 000000aa", "2, 0000a9aa", "4, 7788a9aa", "8, 7788a9aa", "0, 00010000", "3, 00010000",
        "5, 00010000", "6, 00010000", "7, 00010000"})
    void narrowWrite_clearsTheBitsAboveAndOtherWidthsAreIgnored(int width, String entry) {
        bench.ioapic.write(Ioapic.INDEX, 4, Ioapic.REDIRECTION);
        bench.ioapic.write(Ioapic.DATA, width, 0x11223344_7788a9aaL);

        assertThat("%08x".formatted(bench.entry(0).bits())).isEqualTo(entry);
    }

    @ParameterizedTest
    @CsvSource({"0x100, 0x10", "0x110, 0x23", "0xff10, 0x23", "0xfffffffffffffff0, 0", "0x01, 0", "0x0f, 0",
        "0x11, 0", "0x14, 0", "0x20, 0", "0x40, 0"})
    void otherOffsets_areAliasesOrReadZero(String offset, int expected) {
        bench.program(0, 0x23);
        bench.ioapic.write(Ioapic.INDEX, 1, Ioapic.REDIRECTION);

        assertThat(bench.ioapic.read(Long.parseUnsignedLong(offset.substring(2), 16), 4)).isEqualTo(expected);
    }

    @Test
    void writeBetweenTheRegisters_isDropped() {
        bench.ioapic.write(Ioapic.INDEX, 1, Ioapic.REDIRECTION);
        bench.ioapic.write(0x04, 4, 0x12);
        bench.ioapic.write(0x14, 4, 0x12);
        bench.ioapic.write(0x40, 4, 0x12);

        assertThat(bench.ioapic.read(Ioapic.INDEX, 1)).isEqualTo(Ioapic.REDIRECTION);
        assertThat(bench.entry(0)).isEqualTo(Redirection.RESET);
    }

    @Test
    void valueWithTheHighestBit_isNotExtended() {
        bench.program(0, 0x80000000);

        assertThat(bench.ioapic.read(Ioapic.DATA, 8)).isEqualTo(0x80000000L);
        assertThat(bench.entry(0).bits()).isEqualTo(0x80000000L);
    }

    @Test
    void arbitraryAccesses_throwNothing() {
        SplittableRandom random = new SplittableRandom(82093);

        for (int i = 0; i < 100_000; i++) {
            bench.ioapic.write(random.nextInt(3) * 0x10L, random.nextInt(10), random.nextLong());
            bench.ioapic.write(random.nextLong(), random.nextInt(), random.nextLong());
            bench.ioapic.read(random.nextLong(), random.nextInt());
            bench.ioapic.read(Ioapic.DATA, random.nextInt(10));
            bench.ioapic.setPin(random.nextInt(Ioapic.PINS), random.nextBoolean());
            bench.ioapic.endOfInterrupt(random.nextInt());
        }

        assertThat(bench.ioapic.state().entries()).hasSize(Ioapic.PINS);
    }

    @Test
    void changedEntry_isReportedBeforeItsDelivery() {
        bench.raise(5);

        bench.program(5, LEVEL | 0x55);
        bench.program(5, LEVEL | 0x55);

        assertThat(bench.heard).containsExactly("changed 5: 8055", "delivered 5: 8055");
    }

    @Test
    void restoredState_isReportedAndRaisesItsPinsAgain() {
        List<Redirection> entries = new ArrayList<>(bench.ioapic.state().entries());
        entries.set(1, new Redirection(0x41));
        entries.set(2, new Redirection(LEVEL | MASKED | 0x42));
        bench.raise(7);

        bench.ioapic.restore(new IoapicState(0b110, entries));

        assertThat(bench.heard).containsExactly("changed 1: 41", "changed 2: 18042", "delivered 1: 41");
        assertThat(bench.ioapic.state()).isEqualTo(new IoapicState(0b100, entries));
        bench.program(2, LEVEL | 0x42);
        assertThat(bench.delivered()).containsExactly("1: 41", "2: 42");
    }

    @Test
    void stateOfAnotherSize_isRefused() {
        List<Redirection> entries = Collections.nCopies(24, Redirection.RESET);

        assertThatIllegalArgumentException().isThrownBy(() -> bench.ioapic.restore(new IoapicState(1 << 24, entries)))
                .withMessageStartingWith("state must have 24 pins");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bench.ioapic.restore(new IoapicState(0, entries.subList(1, 24))))
                .withMessageStartingWith("state must have 24 pins");
    }

    @Test
    void snapshot_doesNotChangeWithTheTable() {
        IoapicState before = bench.ioapic.state();

        bench.program(5, 0x55);

        assertThat(before.entries().get(5)).isEqualTo(Redirection.RESET);
    }
}
