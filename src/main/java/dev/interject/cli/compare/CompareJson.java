package dev.interject.cli.compare;

import java.io.IOException;
import java.io.OutputStream;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.run.RunJson;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.compare.Comparison;
import dev.interject.experiment.compare.Comparison.Row;
import dev.interject.interrupt.route.RouteCase;

/** A comparison as one JSON object: an outcome, and a row for each path with the fields of a run's report. */
final class CompareJson {

    private CompareJson() {}

    static void write(Comparison comparison, OutputStream out) throws IOException {
        JsonOutput.writeObject(out, json -> {
            json.writeStringField("outcome", comparison.outcome().label());
            JsonOutput.writeObjects(json, "rows", comparison.rows(), CompareJson::write);
        });
    }

    private static void write(Row row, JsonGenerator json) throws IOException {
        switch (row) {
            case Row.Ran ran -> {
                json.writeBooleanField("supported", true);
                RunJson.writeSummary(ran.report(), json);
                RunJson.writeExtras(ran.report(), json);
                JsonOutput.writeNumber(json, "exitsPerInterrupt",
                        ran.report().observed().counters().exitsPerInterrupt(ran.report().ledger()));
            }
            case Row.Unsupported(RouteCase routeCase, String reason) ->
                writeDidNotRun(routeCase, false, "unsupported", reason, json);
            case Row.HostFailed(RouteCase routeCase, String reason) ->
                writeDidNotRun(routeCase, true, Outcome.HOST_UNABLE.label(), reason, json);
        }
    }

    private static void writeDidNotRun(RouteCase routeCase, boolean supported, String outcome, String reason,
            JsonGenerator json) throws IOException {
        json.writeBooleanField("supported", supported);
        json.writeStringField("outcome", outcome);
        json.writeStringField("reason", reason);
        json.writeStringField("guest", routeCase.guest().label());
        json.writeStringField("irqchip", routeCase.irqchip().label());
        json.writeStringField("path", routeCase.route().label());
        json.writeStringField("trigger", routeCase.trigger().label());
        if (routeCase.vector().isPresent()) {
            json.writeNumberField("vector", routeCase.vector().getAsInt());
        }
        json.writeNumberField("vcpus", routeCase.vcpus());
    }
}
