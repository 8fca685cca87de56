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
            "Examines whether this host can run Interject, and shows fixes for what is missing.",
            "It opens /dev/kvm, creates VMs, has a guest take an interrupt with each irqchip, and"
                    + " finds where this host's KVM departs from the manuals. A departure is not a failure."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:this host can run Interject", "3:it cannot"},
        footer = {"", "Examples:", "  interject doctor",
            "  interject doctor --verbose", "  interject doctor --output junit > kvm.xml"})
public final class DoctorCommand implements Callable<Integer> {

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or junit")
    private OutputFormat output;

    @Option(names = "--verbose",
            description = "show every capability, the manuals' rules, and stack traces of failures")
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
        // the text shows the fix below the check
        String fix = output == OutputFormat.TEXT
                ? ""
                : check.fixes().stream().findFirst().map(HostFix::oneLine).orElse("");
        return new CliError("host unsupported: " + report.reason().orElse(""), fix, Outcome.HOST_UNABLE.exitCode())
                .print();
    }
}
