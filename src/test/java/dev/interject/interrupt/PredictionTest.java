package dev.interject.interrupt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PredictionTest {

    /** Gates with these verdicts; each place is its position. */
    private static Prediction of(String verdicts) {
        List<Verdict> all = Arrays.stream(verdicts.split(" ")).map(Verdict::valueOf).toList();
        return new Way(0x41, IntStream.range(0, all.size())
                .mapToObj(i -> Gate.of(all.get(i), GateKind.GSI, Integer.toString(i), "", "", ""))
                .toList()).prediction();
    }

    @Test
    void allOpen_isTakenAndNoGateDecides() {
        assertThat(of("OPEN OPEN").fate()).isEqualTo(Prediction.Fate.TAKEN);
        assertThat(of("OPEN OPEN").because()).isEmpty();
    }

    @Test
    void improperAlone_isTakenAllTheSame() {
        assertThat(of("OPEN IMPROPER OPEN").fate()).isEqualTo(Prediction.Fate.TAKEN);
        assertThat(of("OPEN IMPROPER OPEN").because()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "OPEN HOLDS, WAITS, 1",
        "HOLDS BREAKS, WAITS, 0",
        "HOLDS FORGETS, WAITS, 0",
        "HOLDS ASTRAY, WAITS, 0",
        "NOT_NOW OPEN, WAITS, 0",
        "OPEN NOT_NOW BREAKS, WAITS, 1",
        "OPEN COALESCES, MERGES, 1",
        "COALESCES BREAKS, MERGES, 0",
        "HOLDS COALESCES, MERGES, 0",
        "HOLDS OPEN HOLDS COALESCES, MERGES, 0",
        "NOT_NOW COALESCES, MERGES, 0",
        "FORGETS OPEN, FORGOTTEN, 0",
        "FORGETS HOLDS COALESCES, FORGOTTEN, 0",
        "FORGETS BREAKS, FORGOTTEN, 0",
        "IMPROPER HOLDS, WAITS, 1",
        "IMPROPER COALESCES, MERGES, 1",
        "OPEN OPEN ASTRAY, ASTRAY, 2",
        "ASTRAY BREAKS COALESCES, ASTRAY, 0",
        "OPEN BREAKS, BREAKS, 1",
        "BREAKS ASTRAY HOLDS COALESCES, BREAKS, 0"})
    void firstGateThatIsNotOpen_decides(String verdicts, Prediction.Fate fate, String because) {
        assertThat(of(verdicts).fate()).isEqualTo(fate);
        assertThat(of(verdicts).because()).map(Gate::place).hasValue(because);
    }

    @ParameterizedTest
    @EnumSource
    void fate_hasAWordForJsonAndWordsForPeople(Prediction.Fate fate) {
        assertThat(fate.word()).matches("[a-z]+");
        assertThat(fate.words()).startsWith("would ");
    }

    @Test
    void fates_areToldApart() {
        assertThat(Stream.of(Prediction.Fate.values()).map(Prediction.Fate::words)).doesNotHaveDuplicates();
    }
}
