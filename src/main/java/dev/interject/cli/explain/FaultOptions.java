package dev.interject.cli.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.interject.experiment.explain.Fault;
import dev.interject.experiment.explain.FaultScenario;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;

/** The command line that makes the situation of a fault from options, for a user to start from. */
final class FaultOptions {

    private static final Pattern PLAIN = Pattern.compile("[\\w./:=,+-]+");

    private FaultOptions() {}

    /** The command in one line, as one types it into a shell; empty if options cannot make the situation. */
    static Optional<String> command(Fault fault) {
        return fault.scenario().first() ? Optional.empty()
                : Optional.of(words(fault.scenario()).stream()
                        .map(FaultOptions::quoted)
                        .collect(Collectors.joining(" ")));
    }

    /** A word as a shell reads it: in quotes if it has a character that a shell may replace, such as a bracket. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word + "'";
    }

    private static List<String> words(FaultScenario scenario) {
        RunPlan run = scenario.run();
        List<String> words = new ArrayList<>(List.of("interject", "explain"));
        addMachine(words, run.machine());
        addInterrupt(words, run.interrupt());
        if (scenario.after() > 0) {
            add(words, "--after", scenario.after());
        }
        run.machine().situation().texts().forEach(setting -> add(words, "--set", setting));
        return words;
    }

    private static void addMachine(List<String> words, MachineChoice machine) {
        machine.guest().ifPresent(guest -> add(words, "--guest", guest));
        if (machine.irqchip() != Irqchip.KERNEL) {
            add(words, "--irqchip", machine.irqchip());
        }
        if (machine.vcpus() > 1) {
            add(words, "--vcpus", machine.vcpus());
        }
        machine.to().ifPresent(target -> add(words, "--to", target));
    }

    private static void addInterrupt(List<String> words, InterruptChoice interrupt) {
        interrupt.path().map(Route::label).ifPresent(path -> add(words, "--path", path));
        interrupt.lines().forEach(line -> add(words, "--irq", line));
        interrupt.vector().ifPresent(vector -> add(words, "--vector", "0x%02x".formatted(vector)));
        interrupt.message().address().ifPresent(address -> add(words, "--address", "0x%x".formatted(address)));
        interrupt.message().data().ifPresent(data -> add(words, "--message-data", "0x%x".formatted(data)));
        interrupt.message().icr().ifPresent(icr -> add(words, "--icr", "0x%x".formatted(icr)));
        if (interrupt.trigger() == Trigger.LEVEL) {
            add(words, "--trigger", interrupt.trigger());
        }
    }

    private static void add(List<String> words, String option, Object value) {
        words.add(option);
        words.add(value.toString());
    }
}
