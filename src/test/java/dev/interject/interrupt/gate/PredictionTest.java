package dev.interject.interrupt.gate;

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
        return GatePath.of(Input.cpu(), 0x41, IntStream.range(0, all.size())
                .mapToObj(i -> Gate.of(all.get(i), GateKind.GSI, Integer.toString(i), "", "", ""))
                .toList()).prediction();
    }

    @Test
    void allOpen_isTakenAndNoGateDecides() {
        assertThat(of("OPEN OPEN").fate()).isEqualTo(Prediction.Fate.TAKEN);
        assertThat(of("OPEN OPEN").because()).isEmpty();
    }

    @Test
    void onlyNotPortable_isTakenNevertheless() {
        assertThat(of("OPEN NOT_PORTABLE OPEN").fate()).isEqualTo(Prediction.Fate.TAKEN);
        assertThat(of("OPEN NOT_PORTABLE OPEN").because()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "OPEN HOLDS, WAITS, 1",
        "HOLDS BREAKS, WAITS, 0",
        "HOLDS DROPS, WAITS, 0",
        "HOLDS MISROUTED, WAITS, 0",
        "NOT_NOW OPEN, WAITS, 0",
        "OPEN NOT_NOW BREAKS, WAITS, 1",
        "OPEN COALESCES, MERGES, 1",
        "COALESCES BREAKS, MERGES, 0",
        "HOLDS COALESCES, MERGES, 1",
        "HOLDS OPEN HOLDS COALESCES, MERGES, 3",
        "NOT_NOW COALESCES, MERGES, 1",
        "DROPS OPEN, DROPPED, 0",
        "DROPS HOLDS COALESCES, DROPPED, 0",
        "DROPS BREAKS, DROPPED, 0",
        "NOT_PORTABLE HOLDS, WAITS, 1",
        "NOT_PORTABLE COALESCES, MERGES, 1",
        "OPEN OPEN MISROUTED, MISROUTED, 2",
        "MISROUTED BREAKS COALESCES, MISROUTED, 0",
        "OPEN BREAKS, BREAKS, 1",
        "BREAKS COALESCES, BREAKS, 0",
        "BREAKS MISROUTED HOLDS COALESCES, MISROUTED, 1", // what breaks the guest does so in the CPU
        "BREAKS DROPS, DROPPED, 1",
        "BREAKS HOLDS, WAITS, 1"})
    void firstGateThatIsNotOpen_decides(String verdicts, Prediction.Fate fate, String because) {
        assertThat(of(verdicts).fate()).isEqualTo(fate);
        assertThat(of(verdicts).because()).map(Gate::place).hasValue(because);
    }

    @Test
    void coalescing_namesTheGateThatHoldsThePendingOneAsWell() {
        assertThat(of("OPEN HOLDS COALESCES").heldBy()).map(Gate::place).hasValue("1");
        assertThat(of("OPEN COALESCES").heldBy()).isEmpty();
        assertThat(of("OPEN HOLDS").heldBy()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void fate_hasALabelForJsonAndAPhraseForText(Prediction.Fate fate) {
        assertThat(fate.label()).matches("[a-z]+");
        assertThat(fate.words()).startsWith("would ");
    }

    @Test
    void fates_areDistinct() {
        assertThat(Stream.of(Prediction.Fate.values()).map(Prediction.Fate::words)).doesNotHaveDuplicates();
    }
}
