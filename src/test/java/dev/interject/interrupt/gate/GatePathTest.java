package dev.interject.interrupt.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatePathTest {

    /** Gates with these verdicts; each place is its position. */
    private static GatePath of(Verdict... verdicts) {
        List<Gate> gates = new ArrayList<>();
        Arrays.stream(verdicts)
                .forEach(verdict -> gates
                        .add(new Gate(GateKind.GSI, Integer.toString(gates.size()), "", verdict, "", "")));
        return new GatePath(0x41, gates);
    }

    @Test
    void allOpen_forbidsNothing() {
        GatePath way = of(Verdict.OPEN, Verdict.OPEN);

        assertThat(way.firstThatForbids()).isEmpty();
        assertThat(way.firstThatIsNotOpen()).isEmpty();
        assertThat(way.has(Verdict.OPEN)).isTrue();
        assertThat(way.has(Verdict.HOLDS)).isFalse();
    }

    @Test
    void gateThatHolds_isNotOpenAndForbidsNothing() {
        GatePath way = of(Verdict.OPEN, Verdict.HOLDS);

        assertThat(way.firstThatForbids()).isEmpty();
        assertThat(way.firstThatIsNotOpen()).map(Gate::place).hasValue("1");
    }

    @Test
    void gateThatNoWaitingOpens_comesBeforeOneThatMayOpen() {
        GatePath way = of(Verdict.HOLDS, Verdict.NOT_NOW, Verdict.BREAKS, Verdict.BREAKS);

        assertThat(way.firstThatForbids()).map(Gate::place).hasValue("2");
        assertThat(way.firstThatIsNotOpen()).map(Gate::place).hasValue("0");
    }

    @ParameterizedTest
    @CsvSource({"OPEN, false", "COALESCES, false", "HOLDS, false", "DROPS, false", "NOT_NOW, false", "MISROUTED, true",
        "NOT_PORTABLE, true", "BREAKS, true"})
    void wayThatNoWaitingOpens_breaksForGood(Verdict verdict, boolean forGood) {
        assertThat(of(Verdict.NOT_NOW, verdict).breaksForGood()).isEqualTo(forGood);
    }

    @Test
    void gateThatMayOpen_forbidsWhereNothingBreaks() {
        assertThat(of(Verdict.OPEN, Verdict.NOT_NOW, Verdict.NOT_NOW).firstThatForbids()).map(Gate::place)
                .hasValue("1");
    }

    @Test
    void gatesGiven_areCopied() {
        List<Gate> gates = new ArrayList<>();
        GatePath way = new GatePath(1, gates);

        gates.add(Gate.open(GateKind.GSI, "", "", ""));

        assertThat(way.gates()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"OPEN, false, open", "COALESCES, false, coalesces", "HOLDS, false, holds", "DROPS, false, forgets",
        "NOT_NOW, true, not-now", "MISROUTED, true, astray", "NOT_PORTABLE, true, improper", "BREAKS, true, breaks"})
    void verdict_forbidsAndIsSpelled(Verdict verdict, boolean forbids, String word) {
        assertThat(verdict.forbids()).isEqualTo(forbids);
        assertThat(verdict.label()).isEqualTo(word);
    }
}
