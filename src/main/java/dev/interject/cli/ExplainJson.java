package dev.interject.cli;

import java.io.IOException;
import java.io.OutputStream;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.experiment.ExplainReport;
import dev.interject.experiment.Explanation;
import dev.interject.interrupt.Gate;

/** An explanation as one JSON object. */
final class ExplainJson {

    private ExplainJson() {}

    static void write(ExplainReport report, boolean dump, OutputStream out) throws IOException {
        JsonOutput.write(out, json -> {
            json.writeStartObject();
            json.writeStringField("outcome", report.outcome().word());
            json.writeStringField("reason", report.reason().orElse(null));
            json.writeStringField("guest", report.plan().run().effectiveGuest().word());
            json.writeStringField("path", report.plan().run().effectivePath().word());
            json.writeStringField("trigger", report.plan().run().trigger().word());
            if (report.explanation().isPresent()) {
                write(report.explanation().get(), dump, json);
            }
            json.writeEndObject();
        });
    }

    private static void write(Explanation explanation, boolean dump, JsonGenerator json) throws IOException {
        json.writeStringField("irqchip", explanation.state().irqchip().word());
        json.writeStringField("prediction", explanation.prediction().fate().word());
        json.writeStringField("decidedBy", explanation.prediction().because().map(Gate::place).orElse(null));
        if (explanation.line().isPresent()) {
            json.writeNumberField("line", explanation.line().getAsInt());
        } else {
            json.writeNullField("line");
        }
        if (explanation.way().leadsToAVector()) {
            json.writeNumberField("vector", explanation.way().vector());
        } else {
            json.writeNullField("vector");
        }
        json.writeStringField("handler", explanation.handler().orElse(null));
        json.writeStringField("standing", explanation.standing().toString());
        json.writeArrayFieldStart("departures");
        for (String note : explanation.departures()) {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("gates");
        for (Gate gate : explanation.way().gates()) {
            json.writeStartObject();
            json.writeStringField("kind", gate.kind().word());
            json.writeStringField("place", gate.place());
            json.writeStringField("evidence", gate.evidence());
            json.writeStringField("verdict", gate.verdict().word());
            json.writeStringField("meaning", gate.meaning());
            json.writeStringField("mend", gate.mend());
            json.writeStringField("reference", gate.kind().reference());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (dump) {
            StateJson.write(explanation.state(), json);
        }
    }
}
