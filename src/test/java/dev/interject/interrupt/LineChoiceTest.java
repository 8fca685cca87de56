package dev.interject.interrupt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineChoiceTest {

    private static final LineClaim CASCADE = new LineClaim(2, "the slave 8259 (the cascade)");

    private final LineChoice choice = new LineChoice(List.of(CASCADE), 16);

    private static LineChoice claimed(int... lines) {
        return new LineChoice(Arrays.stream(lines).mapToObj(line -> new LineClaim(line, "a card")).toList(), 16);
    }

    @Test
    void nothingClaimed_picksTen() {
        assertThat(choice.pickFree()).isEqualTo(10);
    }

    @Test
    void claimedLines_areSkippedAndNineIsTriedLast() {
        assertThat(claimed(10).pickFree()).isEqualTo(11);
        assertThat(claimed(10, 11).pickFree()).isEqualTo(9);
    }

    @Test
    void noFreeLine_isAnError() {
        assertThatIllegalStateException().isThrownBy(() -> claimed(9, 10, 11).pickFree())
                .withMessage("lines 9, 10 and 11 all belong to devices of this machine");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 16, 24})
    void lineThatDoesNotExist_isRefused(int line) {
        assertThat(choice.refusal(line, Trigger.EDGE))
                .hasValue("there is no line %d: the guest's 8259s have lines 0 to 15".formatted(line));
        assertThat(choice.warning(line)).isEmpty();
    }

    @Test
    void linesOfAnIoapic_areTwentyFour() {
        LineChoice ioapic = new LineChoice(List.of(CASCADE), 24);

        assertThat(ioapic.refusal(23, Trigger.LEVEL)).isEmpty();
        assertThat(ioapic.warning(23)).isEmpty();
        assertThat(ioapic.refusal(24, Trigger.EDGE))
                .hasValue("there is no line 24: the guest's IOAPIC has lines 0 to 23");
    }

    @ParameterizedTest
    @EnumSource
    void cascade_isRefusedNamingItsOwner(Trigger trigger) {
        assertThat(choice.refusal(2, trigger))
                .hasValue("line 2 belongs to the slave 8259 (the cascade) of this machine; use 9, 10 or 11");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 13})
    void edgeOnlyLine_isRefusedAsLevelOnly(int line) {
        assertThat(choice.refusal(line, Trigger.LEVEL).orElseThrow()).startsWith("line " + line + " cannot be level");
        assertThat(choice.refusal(line, Trigger.EDGE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15})
    void otherLine_isNotRefused(int line) {
        assertThat(choice.refusal(line, Trigger.EDGE)).isEmpty();
        assertThat(choice.refusal(line, Trigger.LEVEL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 10, 11})
    void freeLine_givesNoWarning(int line) {
        assertThat(choice.warning(line)).isEmpty();
    }

    @Test
    void lineOfAnotherDevice_givesAWarningNamingIt() {
        assertThat(choice.warning(4))
                .hasValue("line 4 usually belongs to serial port COM1 on a PC; 9, 10 and 11 are free");
    }
}
