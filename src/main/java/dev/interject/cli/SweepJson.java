package dev.interject.cli;

import java.io.IOException;
import java.io.OutputStream;

import dev.interject.experiment.Sweep;
import dev.interject.experiment.Sweep.Row;

/** A sweep as one JSON object. */
final class SweepJson {

    private SweepJson() {}

    static void write(Sweep sweep, OutputStream out) throws IOException {
        JsonOutput.write(out, json -> {
            json.writeStartObject();
            json.writeStringField("outcome", sweep.refusal().isPresent() ? "refused"
                    : sweep.rows().stream().allMatch(Row::isAsPredicted) ? "as-predicted" : "not-as-predicted");
            json.writeStringField("reason", sweep.refusal().orElse(null));
            json.writeStringField("guest", sweep.plan().run().effectiveGuest().word());
            json.writeStringField("from", sweep.plan().from());
            json.writeArrayFieldStart("instructions");
            for (Row row : sweep.rows()) {
                json.writeStartObject();
                json.writeStringField("where", row.where());
                json.writeBooleanField("interruptFlag", row.interruptFlag());
                json.writeStringField("shadow", row.shadow());
                json.writeBooleanField("ready", row.ready());
                json.writeBooleanField("halted", row.halted());
                json.writeStringField("predicted", row.prediction().fate().word());
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
