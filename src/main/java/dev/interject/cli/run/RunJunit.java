package dev.interject.cli.run;

import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.cli.output.JunitOutput;
import dev.interject.cli.output.JunitOutput.Case;
import dev.interject.cli.output.JunitOutput.Result;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.run.InterruptLog;
import dev.interject.experiment.run.RunReport;

/** A run's report as JUnit XML: one test case per interrupt, and one for the ledger, which fails if the run did. */
public final class RunJunit {

    private RunJunit() {}

    public static void write(RunReport report, OutputStream out) throws IOException {
        String className = "interject.%s.%s.%s".formatted(report.request().guest(), report.irqchip(),
                report.path());
        JunitOutput.write(out, "interject run", () -> Stream.concat(
                IntStream.range(0, report.request().count()).mapToObj(index -> interrupt(className, report, index)),
                Stream.of(new Case(className, "ledger", 0,
                        report.outcome() == Outcome.TAKEN ? Result.PASSED : problem(report)))));
    }

    private static Case interrupt(String className, RunReport report, int index) {
        InterruptLog log = report.interrupts();
        boolean tried = index < log.size();
        boolean taken = tried && log.isTaken(index);
        boolean skipped = !tried && report.outcome() != Outcome.REFUSED && report.outcome() != Outcome.HOST_UNABLE;
        return new Case(className, "interrupt " + (index + 1), tried && log.isTimed(index) ? log.latency(index) : 0,
                taken ? Result.PASSED : skipped ? new Result.Skipped("not tried") : problem(report));
    }

    private static Result problem(RunReport report) {
        String type = report.outcome().label();
        String message = report.reason().orElse(type);
        return report.outcome() == Outcome.HOST_UNABLE
                ? new Result.Errored(type, message)
                : new Result.Failed(type, message, "");
    }
}
