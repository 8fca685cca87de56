package dev.interject.cli.explain;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalInt;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.state.StateJson;
import dev.interject.experiment.explain.ExplainReport;
import dev.interject.experiment.explain.ExplainedInterrupt;
import dev.interject.experiment.explain.ExplainedInterrupt.Subject;
import dev.interject.experiment.explain.Explanation;
import dev.interject.interrupt.gate.Arrival;
import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.state.Piece;

/** An explanation as one JSON object. */
final class ExplainJson {

    private ExplainJson() {}

    static void write(ExplainReport report, boolean dump, OutputStream out) throws IOException {
        JsonOutput.writeObject(out, json -> {
            json.writeStringField("outcome", report.outcome().label());
            json.writeStringField("reason", report.reason().orElse(null));
            ExplainedInterrupt interrupt = report.interrupt();
            for (Subject subject : Subject.values()) {
                json.writeStringField(subject == Subject.STATE ? "file" : subject.toString(),
                        interrupt.subject() == subject ? interrupt.guest() : null);
            }
            json.writeStringField("path", interrupt.path().label());
            json.writeStringField("trigger", interrupt.trigger().label());
            json.writeStringField("command", interrupt.fault().flatMap(FaultOptions::command).orElse(null));
            JsonOutput.writeStrings(json, "settings", interrupt.settings());
            if (report.explanation().isPresent()) {
                write(report.explanation().get(), dump, json);
            }
        });
    }

    private static void write(Explanation explanation, boolean dump, JsonGenerator json) throws IOException {
        json.writeStringField("irqchip",
                explanation.state().lacks(Piece.IRQCHIP) ? null : explanation.state().irqchip().label());
        json.writeStringField("prediction", explanation.prediction().fate().label());
        json.writeStringField("decidedBy", explanation.prediction().because().map(Gate::place).orElse(null));
        json.writeStringField("heldBy", explanation.prediction().heldBy().map(Gate::place).orElse(null));
        JsonOutput.writeStrings(json, "hingesOn",
                explanation.prediction().hingesOn().stream().map(Gate::place).toList());
        JsonOutput.writeNumber(json, "line", explanation.line());
        if (explanation.gates().leadsToAVector()) {
            json.writeNumberField("vector", explanation.gates().vector());
        } else {
            json.writeNullField("vector");
        }
        json.writeStringField("handler", explanation.handler().orElse(null));
        json.writeStringField("position", explanation.position().toString());
        JsonOutput.writeStrings(json, "settingNotes", explanation.settingNotes());
        JsonOutput.writeStrings(json, "departures", explanation.departures());
        JsonOutput.writeObjects(json, "gates", explanation.gates().gates(), ExplainJson::write);
        json.writeArrayFieldStart("vectors");
        for (int vector : explanation.prediction().vectors()) {
            json.writeNumber(vector);
        }
        json.writeEndArray();
        JsonOutput.writeObjects(json, "arrivals", explanation.prediction().arrivals(), ExplainJson::write);
        JsonOutput.writeObjects(json, "branches", explanation.gates().branches(), ExplainJson::write);
        if (dump) {
            StateJson.write(explanation.state(), explanation.expectsNmis(), json);
        }
    }

    private static void write(Arrival arrival, JsonGenerator json) throws IOException {
        json.writeFieldName("vcpus");
        json.writeArray(arrival.vcpus().stream().mapToInt(Integer::intValue).toArray(), 0, arrival.vcpus().size());
        json.writeNumberField("vector", arrival.vector());
    }

    private static void write(Branch branch, JsonGenerator json) throws IOException {
        json.writeStringField("input", branch.input().toString());
        json.writeNumberField("vcpu", branch.to().vcpu());
        json.writeBooleanField("rival", branch.to().isRival());
        JsonOutput.writeNumber(json, "vector",
                branch.vector() < 0 ? OptionalInt.empty() : OptionalInt.of(branch.vector()));
        json.writeStringField("prediction", branch.prediction().fate().label());
        json.writeStringField("decidedBy", branch.prediction().because().map(Gate::place).orElse(null));
        json.writeStringField("heldBy", branch.prediction().heldBy().map(Gate::place).orElse(null));
        JsonOutput.writeObjects(json, "gates", branch.gates(), ExplainJson::write);
    }

    private static void write(Gate gate, JsonGenerator json) throws IOException {
        json.writeStringField("kind", gate.kind().label());
        json.writeStringField("place", gate.place());
        json.writeStringField("evidence", gate.evidence());
        json.writeStringField("verdict", gate.verdict().label());
        json.writeStringField("meaning", gate.meaning());
        json.writeStringField("fix", gate.fix());
        json.writeStringField("departure", gate.departure());
        json.writeStringField("reference", gate.kind().reference());
    }
}
