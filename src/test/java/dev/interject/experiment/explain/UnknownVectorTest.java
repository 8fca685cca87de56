package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.state.StateFile;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A state that does not say at which vector an interrupt arrives: the gates of its entry are unknown as well. */
class UnknownVectorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kernel    | line        | the state lacks the slave 8259's vector base
            kernel    | irqfd       | the state lacks the slave 8259's vector base
            userspace | vector      | the state lacks the slave 8259's vector base
            split     | vector      | the state lacks the slave 8259's vector base
            kernel    | lapic-timer | the state lacks the LAPIC's timer
            """)
    void predictionHinges_onTheEntryOfTheVector(String irqchip, String path, String meaning) {
        Explanation explanation = explain("""
                {"irqchip": "%s", "routes": [{"gsi": 10, "to": "slave", "pin": 2}], "vcpus": [{}]}"""
                .formatted(irqchip), path, 10);

        assertThat(explanation.gates().leadsToAVector()).isFalse();
        assertThat(explanation.prediction().hingesOn()).filteredOn(gate -> gate.kind() == GateKind.IDT)
                .singleElement()
                .satisfies(gate -> assertThat(gate.place()).isEqualTo("IDT"))
                .extracting(Gate::meaning)
                .isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource({"kernel, 20", "split, 10"})
    void entryOfAPinThatIsNotKnown_isUnknown(String irqchip, int line) {
        Explanation explanation = explain("""
                {"irqchip": "%s", "routes": [{"gsi": %d, "to": "ioapic", "pin": %d}], "vcpus": [{}]}"""
                .formatted(irqchip, line, line), "line", line);

        assertThat(explanation.prediction().hingesOn()).filteredOn(gate -> gate.kind() == GateKind.IDT)
                .extracting(Gate::meaning)
                .containsExactly("the state lacks the IOAPIC");
    }

    private static Explanation explain(String state, String path, int line) {
        StateFile file = StateFile.read(new ByteArrayInputStream(state.getBytes(StandardCharsets.UTF_8)), "x",
                Path.of(""));
        Route route = Route.all().stream().filter(one -> one.label().equals(path)).findFirst().orElseThrow();
        InterruptChoice choice = InterruptChoice.by(route);
        return StateExplainExperiment.explain(new StatePlan(file, "x",
                route.takes(RouteParameter.LINE) ? choice.withLine(line) : choice, OptionalInt.empty()))
                .explanation()
                .orElseThrow();
    }
}
