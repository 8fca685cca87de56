package dev.interject.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalDouble;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.experiment.Comparison;
import dev.interject.experiment.Comparison.Row;

/** A comparison as one JSON object: an outcome, and a row a way with the fields of a run's report. */
final class CompareJson {

    private CompareJson() {}

    static void write(Comparison comparison, OutputStream out) throws IOException {
        JsonOutput.write(out, json -> {
            json.writeStartObject();
            json.writeStringField("outcome", comparison.outcome().word());
            json.writeArrayFieldStart("rows");
            for (Row row : comparison.rows()) {
                write(row, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(Row row, JsonGenerator json) throws IOException {
        json.writeStartObject();
        switch (row) {
            case Row.Ran ran -> {
                json.writeBooleanField("supported", true);
                RunJson.writeSummary(ran.report(), json);
                RunJson.writeExtras(ran.report(), json);
                OptionalDouble exits = ran.report().witness().exitsPerInterrupt(ran.report().ledger());
                if (exits.isPresent()) {
                    json.writeNumberField("exitsPerInterrupt", exits.getAsDouble());
                } else {
                    json.writeNullField("exitsPerInterrupt");
                }
            }
            case Row.Unsupported missing -> {
                json.writeBooleanField("supported", false);
                json.writeStringField("outcome", "unsupported");
                json.writeStringField("reason", missing.reason());
                json.writeStringField("guest", missing.contender().guest().word());
                json.writeStringField("irqchip", missing.contender().irqchip().word());
                json.writeStringField("path", missing.contender().path().word());
                json.writeStringField("trigger", missing.contender().trigger().word());
                if (missing.contender().vector().isPresent()) {
                    json.writeNumberField("vector", missing.contender().vector().getAsInt());
                }
                json.writeNumberField("vcpus", missing.contender().vcpus());
            }
        }
        json.writeEndObject();
    }
}
