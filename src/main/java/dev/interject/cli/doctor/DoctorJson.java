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

/** The examination of the host as one JSON object. */
final class DoctorJson {

    private DoctorJson() {}

    static void write(HostReport report, OutputStream out) throws IOException {
        JsonOutput.writeObject(out, json -> {
            json.writeStringField("outcome", report.outcome());
            json.writeStringField("reason", report.reason().orElse(null));
            writeBackend(json, report.backend());
            JsonOutput.writeObjects(json, "checks", report.checks(), DoctorJson::write);
            JsonOutput.writeNumbers(json, "capabilities", report.capabilities());
            JsonOutput.writeObjects(json, "conformance", report.findings().entrySet(), DoctorJson::write);
        });
    }

    private static void write(Map.Entry<ConformanceProbe, Finding> found, JsonGenerator json) throws IOException {
        ConformanceProbe probe = found.getKey();
        Finding finding = found.getValue();
        json.writeStringField("name", probe.label());
        json.writeStringField("finding", finding.label());
        json.writeStringField("evidence", finding.evidence());
        json.writeStringField("rule", probe.rule());
        json.writeStringField("source", probe.source());
        json.writeStringField("consequence", finding instanceof Finding.Departs ? probe.consequence() : null);
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

    private static void write(HostCheck check, JsonGenerator json) throws IOException {
        json.writeStringField("name", check.name());
        json.writeStringField("status", check.status().label());
        json.writeBooleanField("required", check.required());
        json.writeStringField("detail", check.detail());
        json.writeStringField("fix", fixes(check));
    }

    /** One line for each fix; null if there is none. */
    private static String fixes(HostCheck check) {
        return check.fixes().isEmpty()
                ? null
                : check.fixes().stream().map(HostFix::oneLine).collect(Collectors.joining("\n"));
    }
}
