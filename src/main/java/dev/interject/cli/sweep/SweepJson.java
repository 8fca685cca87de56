package dev.interject.cli.sweep;

import java.io.IOException;
import java.io.OutputStream;

import dev.interject.cli.output.JsonOutput;
import dev.interject.experiment.sweep.SweepReport;
import dev.interject.experiment.sweep.SweepReport.Row;

/** A sweep as one JSON object. */
final class SweepJson {

    private SweepJson() {}

    static void write(SweepReport sweep, OutputStream out) throws IOException {
        JsonOutput.write(out, json -> {
            json.writeStartObject();
            json.writeStringField("outcome", sweep.refusal().isPresent() ? "refused"
                    : sweep.rows().stream().allMatch(Row::isAsPredicted) ? "as-predicted" : "not-as-predicted");
            json.writeStringField("reason", sweep.refusal().orElse(null));
            json.writeStringField("guest", sweep.plan().run().effectiveGuest().label());
            json.writeStringField("from", sweep.plan().from());
            json.writeArrayFieldStart("instructions");
            for (Row row : sweep.rows()) {
                json.writeStartObject();
                json.writeStringField("where", row.where());
                json.writeBooleanField("interruptFlag", row.interruptFlag());
                json.writeStringField("shadow", row.shadow());
                json.writeBooleanField("ready", row.ready());
                json.writeBooleanField("halted", row.halted());
                json.writeStringField("predicted", row.prediction().fate().label());
                if (row.takenAfter().isPresent()) {
                    json.writeNumberField("takenAfter", row.takenAfter().get());
                } else {
                    json.writeNullField("takenAfter");
                }
                json.writeStringField("takenAt", row.takenAt().orElse(null));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
