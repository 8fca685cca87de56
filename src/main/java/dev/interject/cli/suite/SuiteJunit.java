package dev.interject.cli.suite;

import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.Stream;

import dev.interject.cli.output.JunitOutput;
import dev.interject.cli.output.JunitOutput.Case;
import dev.interject.cli.output.JunitOutput.Result;
import dev.interject.experiment.suite.SuiteReport;
import dev.interject.experiment.suite.SuiteResult;

/** A suite as JUnit XML: one test case for each test; those that were not run are skipped. */
public final class SuiteJunit {

    private static final String CLASS = "interject.suite";

    private SuiteJunit() {}

    /** Writes the document. */
    public static void write(SuiteReport report, OutputStream out) throws IOException {
        JunitOutput.write(out, "interject suite", () -> Stream.concat(report.results().stream().map(SuiteJunit::of),
                report.notRun().stream().map(name -> new Case(CLASS, name, 0, new Result.Skipped("not run")))));
    }

    private static Case of(SuiteResult result) {
        Result outcome = switch (result.verdict()) {
            case PASS -> new Result.Passed(result.reason());
            case SKIP -> new Result.Skipped(result.reason());
            case FAIL, TIMEOUT -> new Result.Failed(result.verdict().label(), result.reason(), "");
        };
        return new Case(CLASS, result.test().name(), result.duration().toNanos(), outcome);
    }
}
