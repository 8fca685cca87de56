package dev.interject.cli.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalDouble;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.run.RunJson;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.compare.Comparison.Row;

/** A comparison as one JSON object: an outcome, and a row a way with the fields of a run's report. */
final class CompareJson {

    private CompareJson() {}

    static void write(Comparison comparison, OutputStream out) throws IOException {
        JsonOutput.write(out, json -> {
            json.writeStartObject();
            json.writeStringField("outcome", comparison.outcome().label());
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
                OptionalDouble exits = ran.report().observed().counters().exitsPerInterrupt(ran.report().ledger());
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
                json.writeStringField("guest", missing.contender().guest().label());
                json.writeStringField("irqchip", missing.contender().irqchip().label());
                json.writeStringField("path", missing.contender().path().label());
                json.writeStringField("trigger", missing.contender().trigger().label());
                if (missing.contender().vector().isPresent()) {
                    json.writeNumberField("vector", missing.contender().vector().getAsInt());
                }
                json.writeNumberField("vcpus", missing.contender().vcpus());
            }
        }
        json.writeEndObject();
    }
}
