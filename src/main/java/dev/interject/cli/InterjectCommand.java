package dev.interject.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top level: says what there is. */
@Command(name = "interject", versionProvider = Version.class, mixinStandardHelpOptions = true,
        description = "Injects interrupts into real KVM guests and accounts for every one of them.", subcommands = {
            RunCommand.class, DoctorCommand.class, ExplainCommand.class, SweepCommand.class, GuestsCommand.class,
            LinesCommand.class,
            CompareCommand.class},
        footer = {"",
            "Exit codes: 0 all taken, 1 not all taken, 2 usage or refused as unsafe,",
            "3 this host cannot, 4 the guest crashed, 5 the watchdog ended it,", "130 interrupted.", "",
            "Start with: interject run"})
final class InterjectCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: run, doctor, guests, lines or compare");
    }
}
