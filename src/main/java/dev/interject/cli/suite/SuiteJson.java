package dev.interject.cli.suite;

import java.io.IOException;
import java.io.OutputStream;

import dev.interject.cli.output.JsonOutput;
import dev.interject.experiment.suite.SuiteReport;
import dev.interject.experiment.suite.SuiteResult;
import dev.interject.experiment.suite.SuiteResult.Verdict;

/** A suite as one JSON object. */
final class SuiteJson {

    private SuiteJson() {}

    static void write(SuiteReport report, OutputStream out) throws IOException {
        JsonOutput.writeObject(out, json -> {
            json.writeStringField("outcome", !report.notRun().isEmpty() ? "interrupted"
                    : report.results().stream().map(SuiteResult::verdict).anyMatch(Verdict::isFailure) ? "failed"
                            : "passed");
            json.writeStringField("reason", report.reason().orElse(null));
            json.writeStringField("file", report.plan().suite().file().toString());
            for (Verdict verdict : Verdict.values()) {
                json.writeNumberField(verdict.label(), report.count(verdict));
            }
            json.writeNumberField("durationMillis", report.duration().toMillis());
            JsonOutput.writeObjects(json, "tests", report.results(), (result, test) -> {
                test.writeStringField("name", result.test().name());
                test.writeStringField("result", result.verdict().label());
                test.writeStringField("reason", result.reason().isEmpty() ? null : result.reason());
                JsonOutput.writeNumber(test, "exitCode", result.exitCode());
                test.writeNumberField("durationMillis", result.duration().toMillis());
            });
            JsonOutput.writeStrings(json, "notRun", report.notRun());
        });
    }
}
