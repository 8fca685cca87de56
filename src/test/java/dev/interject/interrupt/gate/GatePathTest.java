package dev.interject.interrupt.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.interject.interrupt.gate.Prediction.Fate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatePathTest {

    /** Gates with these verdicts; each place is its position. */
    private static GatePath of(Verdict... verdicts) {
        List<Gate> gates = new ArrayList<>();
        Arrays.stream(verdicts)
                .forEach(verdict -> gates
                        .add(new Gate(GateKind.GSI, Integer.toString(gates.size()), "", verdict, "", "", "")));
        return GatePath.of(Input.cpu(), 0x41, gates);
    }

    @Test
    void allOpen_forbidsNothing() {
        GatePath path = of(Verdict.OPEN, Verdict.OPEN);

        assertThat(path.firstThatForbids()).isEmpty();
        assertThat(path.firstThatIsNotOpen()).isEmpty();
        assertThat(path.has(Verdict.OPEN)).isTrue();
        assertThat(path.has(Verdict.HOLDS)).isFalse();
    }

    @Test
    void gateThatHolds_isNotOpenAndForbidsNothing() {
        GatePath path = of(Verdict.OPEN, Verdict.HOLDS);

        assertThat(path.firstThatForbids()).isEmpty();
        assertThat(path.firstThatIsNotOpen()).map(Gate::place).hasValue("1");
    }

    /** A level that is injected raises the line, and another one would be dropped there. */
    @ParameterizedTest
    @CsvSource({"DROPS, HOLDS", "DROPS, NOT_NOW", "COALESCES, HOLDS"})
    void holderOfAPendingOne_isNotAGateThatOnlyAnotherOneMeets(Verdict before, Verdict holding) {
        assertThat(of(before, holding).holder()).map(Gate::place).hasValue("1");
    }

    @Test
    void holderWhereNoneHolds_isTheFirstThatIsNotOpen() {
        assertThat(of(Verdict.OPEN, Verdict.DROPS, Verdict.BREAKS).holder()).map(Gate::place).hasValue("1");
        assertThat(of(Verdict.OPEN).holder()).isEmpty();
    }

    @Test
    void permanentGate_precedesOneThatMayOpen() {
        GatePath path = of(Verdict.HOLDS, Verdict.NOT_NOW, Verdict.BREAKS, Verdict.BREAKS);

        assertThat(path.firstThatForbids()).map(Gate::place).hasValue("2");
        assertThat(path.firstThatIsNotOpen()).map(Gate::place).hasValue("0");
    }

    @ParameterizedTest
    @CsvSource({"OPEN, false", "COALESCES, false", "HOLDS, false", "DROPS, false", "NOT_NOW, false", "MISROUTED, true",
        "NOT_PORTABLE, true", "BREAKS, true"})
    void pathWithAPermanentGate_isForbiddenForever(Verdict verdict, boolean permanent) {
        assertThat(of(Verdict.NOT_NOW, verdict).isForbiddenForever()).isEqualTo(permanent);
    }

    @Test
    void gateThatMayOpen_forbidsIfNoneIsPermanent() {
        assertThat(of(Verdict.OPEN, Verdict.NOT_NOW, Verdict.NOT_NOW).firstThatForbids()).map(Gate::place)
                .hasValue("1");
    }

    @Test
    void openGates_doNotDecideWhereOneIsUnknown() {
        Prediction prediction = of(Verdict.OPEN, Verdict.UNKNOWN, Verdict.OPEN).prediction();

        assertThat(prediction.fate()).isEqualTo(Fate.UNKNOWN);
        assertThat(prediction.hingesOn()).extracting(Gate::place).containsExactly("1");
        assertThat(prediction.arrivals()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HOLDS, WAITS", "DROPS, DROPPED", "MISROUTED, MISROUTED", "BREAKS, BREAKS"})
    void gateThatIsKnownToBeClosed_decidesWhateverIsUnknown(Verdict closed, Fate fate) {
        Prediction prediction = of(Verdict.UNKNOWN, closed).prediction();

        assertThat(prediction.fate()).isEqualTo(fate);
        assertThat(prediction.because()).map(Gate::place).hasValue("1");
    }

    @Test
    void branchThatIsOpen_decidesWhateverAnotherLacks() {
        Branch lacking = new Branch(Input.cpu(), BranchTarget.only(0), 0x41, of(Verdict.UNKNOWN).gates());
        Branch open = new Branch(Input.cpu(), new BranchTarget(0, 1, false), 0x51, of(Verdict.OPEN).gates());

        Prediction prediction = new GatePath(List.of(), List.of(lacking, open)).prediction();

        assertThat(prediction.fate()).isEqualTo(Fate.TAKEN);
        assertThat(prediction.vectors()).containsExactly(0x51);
    }

    @Test
    void givenGates_areCopied() {
        List<Gate> gates = new ArrayList<>();
        GatePath path = GatePath.of(Input.cpu(), 1, gates);

        gates.add(Gate.open(GateKind.GSI, "", "", ""));

        assertThat(path.gates()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"OPEN, false, open", "COALESCES, false, coalesces", "HOLDS, false, holds", "DROPS, false, drops",
        "NOT_NOW, true, not-now", "MISROUTED, true, misrouted", "NOT_PORTABLE, true, not-portable",
        "BREAKS, true, breaks"})
    void verdict_forbidsAndHasItsLabel(Verdict verdict, boolean forbids, String word) {
        assertThat(verdict.forbids()).isEqualTo(forbids);
        assertThat(verdict.label()).isEqualTo(word);
    }
}
