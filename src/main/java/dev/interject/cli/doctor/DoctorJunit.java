package dev.interject.cli.doctor;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.interject.cli.output.JunitOutput;
import dev.interject.cli.output.JunitOutput.Case;
import dev.interject.cli.output.JunitOutput.Result;
import dev.interject.experiment.doctor.HostCheck;
import dev.interject.experiment.doctor.HostFix;
import dev.interject.experiment.doctor.HostReport;

/**
 * The examination of the host as JUnit XML: one test case for each check. A bad check is a failure if a run needs it,
 * and skipped otherwise.
 */
public final class DoctorJunit {

    private DoctorJunit() {}

    /** Writes the whole document. */
    public static void write(HostReport report, OutputStream out) throws IOException {
        JunitOutput.write(out, "interject doctor", () -> report.checks()
                .stream()
                .map(check -> new Case("interject.doctor." + check.area().name().toLowerCase(Locale.ROOT),
                        check.name(), 0, result(check))));
    }

    private static Result result(HostCheck check) {
        if (check.prevents()) {
            return new Result.Failed(check.status().label(), check.detail(),
                    check.fixes().stream().map(HostFix::oneLine).collect(Collectors.joining("\n")));
        }
        return check.isBad() ? new Result.Skipped(check.detail()) : new Result.Passed(check.detail());
    }
}
