package dev.interject.cli.suite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.PlainText;
import dev.interject.experiment.suite.SuiteReport;
import dev.interject.experiment.suite.SuiteResult;

/** A suite in the Test Anything Protocol, version 13 (testanything.org). */
final class SuiteTap {

    private int number;

    String header(int tests) {
        return "TAP version 13\n1..%d\n".formatted(tests);
    }

    String line(SuiteResult result) {
        number++;
        String name = escaped(result.test().name());
        return switch (result.verdict()) {
            case PASS -> "ok %d - %s\n%s".formatted(number, name, diagnostics(result));
            case SKIP -> "ok %d - %s # SKIP %s\n".formatted(number, name, escaped(result.reason()));
            case FAIL, TIMEOUT -> "not ok %d - %s\n%s".formatted(number, name, diagnostics(result));
        };
    }

    /** What follows the last test: nothing, or that some did not run. */
    String end(SuiteReport report) {
        return report.notRun().isEmpty() ? ""
                : "Bail out! %s\n".formatted(report.reason().map(PlainText::line).orElse(""));
    }

    /** A # begins a directive, and a backslash escapes it. */
    private static String escaped(String text) {
        return PlainText.line(text).replace("\\", "\\\\").replace("#", "\\#");
    }

    /** A block of YAML, of which JSON is a subset. */
    private static String diagnostics(SuiteResult result) {
        StringBuilder block = new StringBuilder("  ---\n");
        if (!result.reason().isEmpty()) {
            block.append("  message: ").append(quoted(result.reason())).append('\n');
        }
        if (result.verdict().isFailure()) {
            block.append("  severity: ").append(result.verdict().label()).append('\n');
        }
        return block.append("  duration_ms: %d\n  ...\n".formatted(result.duration().toMillis())).toString();
    }

    private static String quoted(String text) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            JsonOutput.write(json, (JsonGenerator out) -> out.writeString(text));
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return json.toString(StandardCharsets.UTF_8).strip();
    }
}
