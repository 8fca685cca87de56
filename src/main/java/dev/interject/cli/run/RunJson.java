package dev.interject.cli.run;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.state.StateJson;
import dev.interject.experiment.Latency;
import dev.interject.experiment.run.InterruptLog;
import dev.interject.experiment.run.RunReport;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.CausedEvent;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GatePath;

/** A run's report as one JSON object. */
public final class RunJson {

    private RunJson() {}

    public static void write(RunReport report, OutputStream out) throws IOException {
        JsonOutput.write(out, json -> write(report, json));
    }

    /** Writes the report as a value inside another document. */
    public static void write(RunReport report, JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeSummary(report, json);
        writeInterrupts(json, report);
        writeExtras(report, json);
        JsonOutput.writeObjects(json, "gates", gates(report.gates().before()), RunJson::write);
        JsonOutput.writeObjects(json, "gatesAtEnd", gates(report.gates().after()), RunJson::write);
        if (report.gates().end().isPresent()) {
            StateJson.write(report.gates().end().get().state(), report.gates().end().get().expectsNmis(), json);
        } else {
            json.writeNullField("state");
        }
        json.writeEndObject();
    }

    /** Writes the fields of a run, except those of single interrupts and gates, into an open object. */
    public static void writeSummary(RunReport report, JsonGenerator json) throws IOException {
        json.writeStringField("outcome", report.outcome().label());
        json.writeStringField("reason", report.reason().orElse(null));
        json.writeStringField("guest", report.request().builtin().map(BuiltinGuest::label).orElse(null));
        json.writeStringField("image", report.request().isImage() ? report.request().guest() : null);
        json.writeStringField("irqchip", report.irqchip().label());
        json.writeStringField("path", report.path().label());
        json.writeStringField("trigger", report.request().interrupt().trigger().label());
        JsonOutput.writeNumber(json, "line", report.line(0));
        JsonOutput.writeNumber(json, "vector", report.target().vector());
        json.writeNumberField("vcpus", report.request().vcpus());
        json.writeObjectFieldStart("ledger");
        writeLedger(json, report.ledger());
        json.writeStringField("witness", report.observed().witness().label());
        json.writeEndObject();
        writeLatency(json, report);
        JsonOutput.writeStrings(json, "settings", report.request().settings());
    }

    /** Writes the additional fields: how many were planned, KVM's counters, remarks. */
    public static void writeExtras(RunReport report, JsonGenerator json) throws IOException {
        json.writeNumberField("count", report.request().count());
        json.writeNumberField("vcpu", report.target().vcpu());
        json.writeNumberField("burst", report.request().pace().burst());
        JsonOutput.writeNumber(json, "rate", report.request().pace().rate());
        json.writeNumberField("threads", report.request().pace().threads());
        json.writeNumberField("hold", report.request().pace().hold());
        json.writeFieldName("lines");
        json.writeArray(report.target().lines().stream().mapToInt(Integer::intValue).toArray(), 0,
                report.target().lines().size());
        writeLedgers(json, "vcpuLedgers", "vcpu", report.account().byVcpu());
        writeLedgers(json, "lineLedgers", "line", report.account().byLine());
        JsonOutput.writeNumbers(json, "handlers", report.observed().handlers());
        JsonOutput.writeObjects(json, "causedEvents", report.observed().caused(), RunJson::write);
        JsonOutput.writeNumbers(json, "kvmStatistics", report.observed().counters().rises());
        JsonOutput.writeStrings(json, "warnings", report.remarks().warnings());
        JsonOutput.writeStrings(json, "notes", report.remarks().notes());
    }

    private static void write(CausedEvent event, JsonGenerator json) throws IOException {
        json.writeNumberField("vector", event.vector());
        json.writeNumberField("ring", event.ring());
        json.writeNumberField("errorCode", event.errorCode());
        json.writeNumberField("rip", event.rip());
    }

    private static void writeLedgers(JsonGenerator json, String name, String key, Map<Integer, Ledger> ledgers)
            throws IOException {
        JsonOutput.writeObjects(json, name, ledgers.entrySet(), (entry, _) -> {
            json.writeNumberField(key, entry.getKey());
            writeLedger(json, entry.getValue());
        });
    }

    private static void writeLedger(JsonGenerator json, Ledger ledger) throws IOException {
        json.writeNumberField("requested", ledger.requested());
        json.writeNumberField("refused", ledger.refused());
        json.writeNumberField("accepted", ledger.accepted());
        json.writeNumberField("taken", ledger.taken());
        json.writeNumberField("coalesced", ledger.coalesced());
        json.writeNumberField("held", ledger.held());
        json.writeNumberField("unknown", ledger.unknown());
        json.writeNumberField("lost", ledger.lost());
        json.writeNumberField("extra", ledger.extra());
    }

    private static void writeLatency(JsonGenerator json, RunReport report) throws IOException {
        Optional<Latency> latency = report.interrupts().summary();
        if (latency.isEmpty()) {
            json.writeNullField("latencyNanos");
            return;
        }
        json.writeObjectFieldStart("latencyNanos");
        json.writeNumberField("p50", latency.get().p50());
        json.writeNumberField("p99", latency.get().p99());
        json.writeNumberField("max", latency.get().max());
        json.writeEndObject();
    }

    private static void writeInterrupts(JsonGenerator json, RunReport report) throws IOException {
        InterruptLog log = report.interrupts();
        JsonOutput.writeObjects(json, "interrupts", IntStream.range(0, log.size()).boxed()::iterator, (i, _) -> {
            json.writeNumberField("sequence", i + 1);
            JsonOutput.writeNumber(json, "line", report.line(i));
            JsonOutput.writeNumber(json, "status", log.status(i));
            json.writeBooleanField("taken", log.isTaken(i));
            json.writeStringField("witness",
                    log.isTaken(i) ? log.witness(i).orElse(report.observed().witness()).label() : null);
            if (log.isTimed(i)) {
                json.writeNumberField("latencyNanos", log.latency(i));
            } else {
                json.writeNullField("latencyNanos");
            }
        });
    }

    private static void write(Gate gate, JsonGenerator json) throws IOException {
        json.writeStringField("place", gate.place());
        json.writeStringField("evidence", gate.evidence());
        json.writeStringField("verdict", gate.verdict().label());
        json.writeStringField("meaning", gate.meaning());
        json.writeStringField("fix", gate.fix());
        json.writeStringField("departure", gate.departure());
    }

    private static List<Gate> gates(Optional<GatePath> path) {
        return path.map(GatePath::gates).orElse(List.of());
    }
}
