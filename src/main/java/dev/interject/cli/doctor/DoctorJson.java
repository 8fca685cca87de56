package dev.interject.cli.doctor;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.experiment.doctor.HostBackend;
import dev.interject.experiment.doctor.HostCheck;
import dev.interject.experiment.doctor.HostFix;
import dev.interject.experiment.doctor.HostReport;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.kvm.Capability;

/** The examination of the host as one JSON object. */
final class DoctorJson {

    private DoctorJson() {}

    static void write(HostReport report, OutputStream out) throws IOException {
        JsonOutput.write(out, json -> write(report, json));
    }

    private static void write(HostReport report, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("outcome", report.outcome());
        json.writeStringField("reason", report.reason().orElse(null));
        writeBackend(json, report.backend());
        json.writeArrayFieldStart("checks");
        for (HostCheck check : report.checks()) {
            writeCheck(json, check);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("capabilities");
        for (Map.Entry<Capability, Integer> answer : report.capabilities().entrySet()) {
            json.writeNumberField(answer.getKey().name(), answer.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("conformance");
        for (Map.Entry<ConformanceProbe, Finding> found : report.findings().entrySet()) {
            writeFinding(json, found.getKey(), found.getValue());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeFinding(JsonGenerator json, ConformanceProbe probe, Finding finding) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", probe.label());
        json.writeStringField("finding", finding.label());
        json.writeStringField("evidence", finding.evidence());
        json.writeStringField("rule", probe.rule());
        json.writeStringField("source", probe.source());
        json.writeStringField("consequence", finding instanceof Finding.Departs ? probe.consequence() : null);
        json.writeEndObject();
    }

    private static void writeBackend(JsonGenerator json, Optional<HostBackend> backend) throws IOException {
        if (backend.isEmpty()) {
            json.writeNullField("backend");
            return;
        }
        json.writeObjectFieldStart("backend");
        json.writeStringField("kind", backend.get().kind().label());
        json.writeStringField("module", backend.get().module());
        json.writeEndObject();
    }

    private static void writeCheck(JsonGenerator json, HostCheck check) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", check.name());
        json.writeStringField("status", check.status().label());
        json.writeBooleanField("required", check.required());
        json.writeStringField("detail", check.detail());
        json.writeStringField("fix", fixes(check));
        json.writeEndObject();
    }

    /** One line for each fix; null if there is none. */
    private static String fixes(HostCheck check) {
        return check.fixes().isEmpty()
                ? null
                : check.fixes().stream().map(HostFix::oneLine).collect(Collectors.joining("\n"));
    }
}
