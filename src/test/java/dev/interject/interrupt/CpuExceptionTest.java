package dev.interject.interrupt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuExceptionTest {

    @ParameterizedTest
    @CsvSource({"0, #DE", "2, NMI", "3, #BP", "6, #UD", "8, #DF", "11, #NP", "13, #GP", "14, #PF", "15, reserved",
        "17, #AC", "19, #XM", "21, #CP", "22, reserved", "31, reserved", "-1, reserved", "255, reserved"})
    void mnemonic_isThatOfTheManual(int vector, String mnemonic) {
        assertThat(CpuException.mnemonic(vector)).isEqualTo(mnemonic);
    }

    @Test
    void errorCode_comesWithTen() {
        assertThat(IntStream.range(-1, 256).filter(CpuException::hasErrorCode))
                .containsExactly(8, 10, 11, 12, 13, 14, 17, 21, 29, 30);
    }
}
