package dev.interject.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.interject.kvm.state.LapicRegisters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LapicRegistersTest {

    private static final int LVT_TIMER = 0x320;

    private static LapicRegisters with(int offset, int value) {
        byte[] page = new byte[0x400];
        ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return new LapicRegisters(page);
    }

    @ParameterizedTest
    @CsvSource({"0x000000, one-shot", "0x020000, periodic", "0x040000, TSC-deadline", "0x060000, reserved mode",
        "0x0310ff, periodic"})
    void timerMode_isThatOfBits18And17(String entry, String mode) {
        assertThat(with(LVT_TIMER, Integer.decode(entry)).timerMode()).hasToString(mode);
    }

    @Test
    void timer_hasAVectorAndAMask() {
        LapicRegisters masked = with(LVT_TIMER, 0x000310ec);

        assertThat(masked.timer()).isEqualTo(0x000310ec);
        assertThat(masked.timerVector()).isEqualTo(0xec);
        assertThat(masked.isTimerMasked()).isTrue();
        assertThat(with(LVT_TIMER, 0x000200ec).isTimerMasked()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0x200, 0, 0", "0x200, 31, 31", "0x210, 0, 32", "0x230, 1, 97", "0x270, 31, 255"})
    void requested_isABitOfEightRegisters(String register, int bit, int vector) {
        LapicRegisters lapic = with(Integer.decode(register), 1 << bit);

        assertThat(lapic.isRequested(vector)).isTrue();
        assertThat(lapic.isInService(vector)).isFalse();
        assertThat(lapic.isRequested(vector ^ 1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0x100, 0x1, 0", "0x100, 0x80000001, 31", "0x170, 0x80000000, 255", "0x130, 0x6, 98"})
    void highestInService_isTheLastBit(String register, String bits, int vector) {
        assertThat(with(Integer.decode(register), Long.decode(bits).intValue()).highestInService()).isEqualTo(vector);
    }
}
