package dev.interject.cli.doctor;

import dev.interject.cli.command.BaseCommand;
import dev.interject.cli.command.CliError;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.OutputFormat;
import dev.interject.experiment.doctor.HostCheck;
import dev.interject.experiment.doctor.HostExamination;
import dev.interject.experiment.doctor.HostFix;
import dev.interject.experiment.doctor.HostReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code interject doctor}. */
@Command(name = "doctor",
        description = {
            "Examines whether this host can run Interject, and shows fixes for what is missing.",
            "It opens /dev/kvm, creates VMs, has a guest take an interrupt with each irqchip, and"
                    + " finds where this host's KVM departs from the manuals. A departure is not a failure."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:this host can run Interject", "3:it cannot"},
        footer = {"", "Examples:", "  interject doctor",
            "  interject doctor --verbose", "  interject doctor --output junit > kvm.xml"})
public final class DoctorCommand extends BaseCommand {

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text",
            description = "text (default), json or junit")
    private OutputFormat output;

    @Option(names = "--verbose",
            description = "show every capability, the manuals' rules, and stack traces of failures")
    private boolean verbose;

    public DoctorCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        HostReport report = HostExamination.examine();
        Console console = console();
        switch (output) {
            case TEXT -> console.write(new DoctorText(console.style(), verbose).render(report));
            case JSON -> console.write(out -> DoctorJson.write(report, out));
            case JUNIT -> console.write(out -> DoctorJunit.write(report, out));
        }
        return report.firstThatPrevents().map(check -> complain(report, check)).orElse(0);
    }

    private int complain(HostReport report, HostCheck check) {
        // the text shows the fix below the check
        String fix = output == OutputFormat.TEXT
                ? ""
                : check.fixes().stream().findFirst().map(HostFix::oneLine).orElse("");
        CliError error =
                new CliError(CliError.Kind.HOST, "host unsupported: " + report.reason().orElse(""), fix);
        error.printTo(console().err());
        return error.exitCode();
    }
}
