package dev.interject.cli.doctor;

import java.util.concurrent.Callable;

import dev.interject.cli.command.CliError;
import dev.interject.cli.command.Version;
import dev.interject.cli.output.OutputFormat;
import dev.interject.cli.output.StandardOutput;
import dev.interject.cli.output.Style;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.doctor.HostCheck;
import dev.interject.experiment.doctor.HostExamination;
import dev.interject.experiment.doctor.HostFix;
import dev.interject.experiment.doctor.HostReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code interject doctor}. */
@Command(name = "doctor", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = {
            "Says whether this host can run Interject, what exactly it can, and the fix for what it cannot.",
            "It opens /dev/kvm, makes VMs, has a guest take an interrupt, both ways, and"
                    + " finds out where this host's KVM departs from the manuals. A departure is no failure."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:interject run works here", "3:it does not"},
        footer = {"", "Examples:", "  interject doctor",
            "  interject doctor --verbose", "  interject doctor --output junit > kvm.xml"})
public final class DoctorCommand implements Callable<Integer> {

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or junit")
    private OutputFormat output;

    @Option(names = "--verbose",
            description = "show every capability, what the manuals say, and stack traces of failures")
    private boolean verbose;

    @Override
    public Integer call() {
        HostReport report = HostExamination.examine();
        switch (output) {
            case TEXT -> StandardOutput.write(new DoctorText(Style.ofStandardOutput(), verbose).render(report));
            case JSON -> StandardOutput.write(out -> DoctorJson.write(report, out));
            case JUNIT -> StandardOutput.write(out -> DoctorJunit.write(report, out));
        }
        return report.firstThatPrevents().map(check -> complain(report, check)).orElse(0);
    }

    private int complain(HostReport report, HostCheck check) {
        // the text has just shown the fix, right under the check
        String fix = output == OutputFormat.TEXT
                ? ""
                : check.fixes().stream().findFirst().map(HostFix::oneLine).orElse("");
        return new CliError("this host cannot: " + report.reason().orElse(""), fix, Outcome.HOST_UNABLE.exitCode())
                .print();
    }
}
