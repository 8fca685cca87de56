package dev.interject.cli.run;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.experiment.run.InterruptLog;
import dev.interject.experiment.run.Latency;
import dev.interject.experiment.run.RunReport;
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

    /** The same as a value inside another. */
    public static void write(RunReport report, JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeSummary(report, json);
        writeInterrupts(json, report);
        writeExtras(report, json);
        writeGates(json, "gates", report.gates().before());
        writeGates(json, "gatesAtEnd", report.gates().after());
        json.writeEndObject();
    }

    /** The fields of a run, but those of single interrupts and gates, into an object that is begun. */
    public static void writeSummary(RunReport report, JsonGenerator json) throws IOException {
        json.writeStringField("outcome", report.outcome().label());
        json.writeStringField("reason", report.reason().orElse(null));
        json.writeStringField("guest", report.plan().effectiveGuest().label());
        json.writeStringField("irqchip", report.irqchip().label());
        json.writeStringField("path", report.path().label());
        json.writeStringField("trigger", report.plan().interrupt().trigger().label());
        JsonOutput.writeNumber(json, "line", report.line(0));
        JsonOutput.writeNumber(json, "vector", report.target().vector());
        json.writeNumberField("vcpus", report.plan().machine().vcpus());
        writeLedger(json, "ledger", report.ledger());
        writeLatency(json, report);
    }

    /** The fields beyond those that the README lists: how many were planned, KVM's counters, remarks. */
    public static void writeExtras(RunReport report, JsonGenerator json) throws IOException {
        json.writeNumberField("count", report.plan().count());
        json.writeNumberField("vcpu", report.target().vcpu());
        json.writeNumberField("burst", report.plan().pace().burst());
        JsonOutput.writeNumber(json, "rate", report.plan().pace().rate());
        json.writeNumberField("threads", report.plan().pace().threads());
        json.writeNumberField("hold", report.plan().pace().hold());
        json.writeArrayFieldStart("lines");
        for (int line : report.target().lines()) {
            json.writeNumber(line);
        }
        json.writeEndArray();
        writeLedgers(json, "vcpuLedgers", "vcpu", report.account().byVcpu());
        writeLedgers(json, "lineLedgers", "line", report.account().byLine());
        json.writeObjectFieldStart("handlers");
        for (Map.Entry<Integer, Long> handler : report.observed().handlers().entrySet()) {
            json.writeNumberField(handler.getKey().toString(), handler.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("causedEvents");
        for (CausedEvent event : report.observed().caused()) {
            json.writeStartObject();
            json.writeNumberField("vector", event.vector());
            json.writeNumberField("ring", event.ring());
            json.writeNumberField("errorCode", event.errorCode());
            json.writeNumberField("rip", event.rip());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("kvmStatistics");
        for (Map.Entry<String, Long> rise : report.observed().counters().rises().entrySet()) {
            json.writeNumberField(rise.getKey(), rise.getValue());
        }
        json.writeEndObject();
        writeStrings(json, "warnings", report.remarks().warnings());
        writeStrings(json, "notes", report.remarks().notes());
    }

    private static void writeLedger(JsonGenerator json, String name, Ledger ledger) throws IOException {
        json.writeObjectFieldStart(name);
        writeLedger(json, ledger);
        json.writeEndObject();
    }

    private static void writeLedgers(JsonGenerator json, String name, String key, Map<Integer, Ledger> ledgers)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (Map.Entry<Integer, Ledger> entry : ledgers.entrySet()) {
            json.writeStartObject();
            json.writeNumberField(key, entry.getKey());
            writeLedger(json, entry.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeLedger(JsonGenerator json, Ledger ledger) throws IOException {
        json.writeNumberField("requested", ledger.requested());
        json.writeNumberField("refused", ledger.refused());
        json.writeNumberField("accepted", ledger.accepted());
        json.writeNumberField("taken", ledger.taken());
        json.writeNumberField("coalesced", ledger.coalesced());
        json.writeNumberField("held", ledger.held());
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
        json.writeArrayFieldStart("interrupts");
        for (int i = 0; i < log.size(); i++) {
            json.writeStartObject();
            json.writeNumberField("sequence", i + 1);
            JsonOutput.writeNumber(json, "line", report.line(i));
            JsonOutput.writeNumber(json, "status", log.status(i));
            json.writeBooleanField("taken", log.isTaken(i));
            if (log.isTaken(i)) {
                json.writeNumberField("latencyNanos", log.latency(i));
            } else {
                json.writeNullField("latencyNanos");
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeGates(JsonGenerator json, String name, Optional<GatePath> path) throws IOException {
        json.writeArrayFieldStart(name);
        if (path.isPresent()) {
            for (Gate gate : path.get().gates()) {
                json.writeStartObject();
                json.writeStringField("place", gate.place());
                json.writeStringField("evidence", gate.evidence());
                json.writeStringField("verdict", gate.verdict().label());
                json.writeStringField("meaning", gate.meaning());
                json.writeStringField("fix", gate.fix());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static void writeStrings(JsonGenerator json, String name, Iterable<String> strings) throws IOException {
        json.writeArrayFieldStart(name);
        for (String string : strings) {
            json.writeString(string);
        }
        json.writeEndArray();
    }
}
