package dev.interject.interrupt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsaLineTest {

    @Test
    void lines_areSixteenInTheirOrder() {
        assertThat(IsaLine.values()).hasSize(16)
                .allSatisfy(line -> assertThat(IsaLine.of(line.number())).isEqualTo(line))
                .allSatisfy(line -> assertThat(line.name()).isEqualTo("IRQ" + line.number()));
    }

    @Test
    void freeLines_areNineToEleven() {
        assertThat(Arrays.stream(IsaLine.values()).filter(IsaLine::isFree).map(IsaLine::number))
                .containsExactly(9, 10, 11);
        assertThat(IsaLine.IRQ10.use()).isEqualTo("free for peripherals");
    }

    @Test
    void linesThatTheElcrFixesAsEdge_areFive() {
        assertThat(Arrays.stream(IsaLine.values()).filter(line -> !line.canBeLevel()).map(IsaLine::number))
                .containsExactly(0, 1, 2, 8, 13);
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, true", "15, true", "16, false", "2147483647, false", "-2147483648, false"})
    void numbers_existFrom0To15(int number, boolean exists) {
        assertThat(IsaLine.exists(number)).isEqualTo(exists);
    }

    @ParameterizedTest
    @CsvSource({"0, timer", "1, keyboard", "2, cascade", "4, COM1", "8, clock", "12, mouse", "14, primary ATA"})
    void takenLine_namesItsOwner(int number, String owner) {
        assertThat(IsaLine.of(number).use()).contains(owner);
        assertThat(IsaLine.of(number).isFree()).isFalse();
    }
}
