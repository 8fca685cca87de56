package dev.interject.cli.sweep;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.experiment.sweep.SweepReport;
import dev.interject.experiment.sweep.SweepRow;
import dev.interject.experiment.sweep.SweptCode;

/** A sweep as one JSON object. */
final class SweepJson {

    private SweepJson() {}

    static void write(SweepReport sweep, OutputStream out) throws IOException {
        JsonOutput.writeObject(out, json -> {
            json.writeStringField("outcome", outcome(sweep));
            json.writeStringField("reason", sweep.reason().orElse(null));
            SweptCode code = sweep.code();
            json.writeStringField("guest", code.isImage() ? null : code.guest());
            json.writeStringField("image", code.isImage() ? code.guest() : null);
            json.writeStringField("from", code.from());
            json.writeNumberField("count", code.count());
            json.writeStringField("note", sweep.note().orElse(null));
            JsonOutput.writeStrings(json, "settings", code.settings());
            JsonOutput.writeStrings(json, "settingNotes", sweep.settingNotes());
            JsonOutput.writeObjects(json, "instructions", sweep.rows(), SweepJson::write);
        });
    }

    private static String outcome(SweepReport sweep) {
        return switch (sweep.outcome()) {
            case TAKEN -> "as-predicted";
            case NOT_TAKEN -> "not-as-predicted";
            case REFUSED, HOST_UNABLE, GUEST_CRASHED, TIMED_OUT, INTERRUPTED -> sweep.outcome().label();
        };
    }

    private static void write(SweepRow row, JsonGenerator json) throws IOException {
        json.writeStringField("where", row.where());
        json.writeBooleanField("interruptFlag", row.interruptFlag());
        json.writeStringField("shadow", row.shadow());
        json.writeBooleanField("ready", row.ready());
        json.writeBooleanField("halted", row.halted());
        json.writeStringField("predicted", row.prediction().fate().label());
        json.writeStringField("result", row.result().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeBooleanField("asPredicted", row.isAsPredicted());
        JsonOutput.writeNumber(json, "takenAfter", row.takenAfter());
        json.writeStringField("takenAt", row.takenAt().orElse(null));
    }
}
