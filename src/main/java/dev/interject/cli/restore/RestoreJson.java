package dev.interject.cli.restore;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.experiment.restore.OrderChange;
import dev.interject.experiment.restore.Requirement;
import dev.interject.experiment.restore.RestoreReport;
import dev.interject.experiment.restore.RestoreRow;
import dev.interject.experiment.restore.TrialResult;
import dev.interject.machine.snapshot.Piece;

/** What restored guests took, as one JSON object. */
final class RestoreJson {

    private RestoreJson() {}

    static void write(RestoreReport report, OutputStream out) throws IOException {
        JsonOutput.writeObject(out, json -> {
            json.writeStringField("outcome", report.outcome().label());
            json.writeStringField("reason", report.reason().orElse(null));
            JsonOutput.writeStrings(json, "order", labels(report.plan().order().pieces()));
            JsonOutput.writeStrings(json, "without", labels(report.leftOut()));
            json.writeNumberField("count", report.plan().count());
            json.writeNumberField("changes", report.changes());
            JsonOutput.writeObjects(json, "rows", report.rows(), RestoreJson::write);
            JsonOutput.writeObjects(json, "requirements", report.requirements(), RestoreJson::write);
            JsonOutput.writeStrings(json, "notes", report.notes());
        });
    }

    private static List<String> labels(List<Piece> pieces) {
        return pieces.stream().map(Piece::label).toList();
    }

    private static void write(RestoreRow row, JsonGenerator json) throws IOException {
        TrialResult result = row.result();
        json.writeStringField("situation", row.situation().label());
        json.writeStringField("guest", row.situation().guest().label());
        json.writeStringField("irqchip", row.irqchip().label());
        json.writeStringField("savedAt", row.savedAt());
        JsonOutput.writeObject(json, "change", row.change(), RestoreJson::write);
        json.writeBooleanField("exact", row.exact());
        json.writeStringField("kind", result.kind().label());
        json.writeStringField("detail", result.detail());
        json.writeNumberField("requested", result.expected());
        json.writeNumberField("taken", result.taken());
        json.writeNumberField("lost", result.lost());
        json.writeNumberField("doubled", result.unexpected());
        JsonOutput.writeNumber(json, "lateNanos", result.lateNanos());
        JsonOutput.writeStrings(json, "differences", result.differences());
        json.writeNumberField("tried", row.tried());
        json.writeNumberField("wrong", row.wrong());
    }

    private static void write(OrderChange change, JsonGenerator json) throws IOException {
        switch (change) {
            case OrderChange.Swapped(Piece first, Piece second) -> {
                json.writeStringField("kind", "swapped");
                json.writeStringField("first", first.label());
                json.writeStringField("second", second.label());
            }
            case OrderChange.LeftOut(Piece piece) -> {
                json.writeStringField("kind", "left-out");
                json.writeStringField("piece", piece.label());
            }
        }
    }

    private static void write(Requirement requirement, JsonGenerator json) throws IOException {
        json.writeStringField("first", requirement.first().label());
        json.writeStringField("second", requirement.second().map(Piece::label).orElse(null));
        json.writeStringField("firstCall", requirement.first().call());
        json.writeStringField("secondCall", requirement.second().map(Piece::call).orElse(null));
        JsonOutput.writeObjects(json, "situations", requirement.rows(), (row, _) -> {
            json.writeStringField("situation", row.situation().label());
            json.writeStringField("irqchip", row.irqchip().label());
            json.writeStringField("kind", row.result().kind().label());
        });
    }
}
