package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.experiment.run.RunExperiment;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The advice of every gate, followed in a guest: the gate opens, and the guest takes the interrupt. */
@RequiresKvm
class AdviceTest {

    private static final Pattern MADE = Pattern.compile("Gate\\.(holds|drops|misrouted|breaks)\\(GateKind\\.(\\w+)");

    static Stream<Arguments> followed() {
        return Stream.of(GateKind.values())
                .flatMap(kind -> AdviceCases.about(kind)
                        .stream()
                        .filter(Advice.Followed.class::isInstance)
                        .map(advice -> Arguments.of(kind, advice)));
    }

    private static ExplainReport explain(AdviceScene scene) {
        return ExplainExperiment.explain(
                new ExplainPlan(scene.plan(), 0, Optional.empty(), OptionalInt.empty(), Optional.empty()),
                new Cancellation());
    }

    private static List<Gate> closed(ExplainReport report, GateKind kind) {
        return report.explanation()
                .orElseThrow(() -> new AssertionError(report.reason()))
                .gates()
                .gates()
                .stream()
                .filter(gate -> gate.kind() == kind && !gate.isOpen())
                .toList();
    }

    private static boolean isChecked(GateKind kind) {
        return HostDepartures.probeOf(kind).map(probe -> !(probe.probe() instanceof Finding.Departs)).orElse(true);
    }

    @ParameterizedTest
    @MethodSource("followed")
    void adviceOfAGate_opensIt(GateKind kind, Advice.Followed advice) {
        assumeTrue(isChecked(kind), "this host does not check it, so the gate is open");
        assertThat(closed(explain(advice.closed()), kind))
                .anySatisfy(gate -> assertThat(gate.verdict() + ": " + gate.fix())
                        .startsWith(advice.verdict() + ": ")
                        .contains(advice.words()));

        ExplainReport opened = explain(advice.opened());
        assertThat(closed(opened, kind)).isEmpty();
        if (opened.outcome() == Outcome.TAKEN && !advice.opened().plan().effectivePath().isTimer()) {
            // a level may be taken again if the host's LAPIC ends interrupts by itself
            assertThat(RunExperiment.run(advice.opened().plan()).ledger().taken()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyKind_hasAdviceThatIsFollowedOrAReason(GateKind kind) {
        assertThat(AdviceCases.about(kind)).isNotEmpty().allSatisfy(advice -> {
            assertThat(advice.verdict()).isNotEqualTo(Verdict.OPEN);
            if (advice instanceof Advice.NotHere(Verdict _, String reason)) {
                assertThat(reason).isNotBlank();
            }
        });
    }

    static List<Path> sourcesOfGates() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/interject/interrupt/gate"))) {
            return files.toList();
        }
    }

    /** Where the source makes a gate with a constant verdict. */
    @ParameterizedTest
    @MethodSource("sourcesOfGates")
    void everyVerdictThatAKindHas_hasAdviceThatIsFollowedOrAReason(Path source) throws IOException {
        assertThat(MADE.matcher(Files.readString(source)).results()).allSatisfy(made -> {
            Verdict verdict = Verdict.valueOf(made.group(1).toUpperCase(Locale.ROOT));
            assertThat(AdviceCases.about(GateKind.valueOf(made.group(2)))).as(made.group())
                    .extracting(Advice::verdict)
                    .contains(verdict);
        });
    }
}
