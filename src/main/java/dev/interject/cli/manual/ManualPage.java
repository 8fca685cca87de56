package dev.interject.cli.manual;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page of one command, or of the program itself. */
final class ManualPage {

    private final CommandSpec command;
    private final List<CommandSpec> all;

    /** The page of {@code command}, which refers to the others in {@code all}; the first of them is the program. */
    ManualPage(CommandSpec command, List<CommandSpec> all) {
        this.command = command;
        this.all = List.copyOf(all);
    }

    /** Its name for {@code man}, such as {@code interject-run}. */
    String name() {
        return name(command);
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private boolean isProgram() {
        return command.parent() == null;
    }

    /** The page. */
    String roff(String version, String date) {
        String[] description = command.usageMessage().description();
        Roff page = new Roff().request(".\\\" Made from the program's own --help by scripts/package.")
                .title(name(), date, "Interject " + version)
                .name(name(), Prose.headline(description))
                .section("Synopsis")
                .request(synopsis())
                .section("Description")
                .text(Prose.line(description));
        if (isProgram()) {
            commands(page);
        }
        page.section("Options");
        Manual.parameters(command).forEach(parameter -> item(page, parameter, label(parameter)));
        Manual.options(command).forEach(option -> item(page, option, tag(option)));
        exitStatus(page);
        footer(page);
        if (isProgram()) {
            surroundings(page);
        }
        seeAlso(page);
        return page.toString();
    }

    private String synopsis() {
        List<String> words = new ArrayList<>(List.of(Roff.bold(command.qualifiedName())));
        Manual.options(command).filter(OptionSpec::required).map(ManualPage::tag).forEach(words::add);
        words.add("[" + Roff.italic("OPTION") + "]...");
        Manual.parameters(command)
                .map(parameter -> parameter.required() ? label(parameter) : "[" + label(parameter) + "]")
                .forEach(words::add);
        if (isProgram()) {
            words.add("[" + Roff.italic("COMMAND") + "]");
        }
        return String.join(" ", words);
    }

    private void commands(Roff page) {
        page.section("Commands");
        all.stream()
                .filter(other -> other != command)
                .forEach(other -> page.item(reference(other)).text(Prose.headline(other.usageMessage().description())));
    }

    private static void item(Roff page, ArgSpec argument, String tag) {
        page.item(tag);
        String description = Prose.line(argument.description());
        page.text(description);
        if (Value.of(argument) instanceof Value.Word(List<String> words)
                && !words.stream().allMatch(description::contains)) {
            page.request(".IP").text("One of: " + String.join(", ", words) + ".");
        }
    }

    private static String tag(OptionSpec option) {
        String names = Arrays.stream(option.names()).map(Roff::bold).collect(joining(", "));
        return Prose.takesValue(option) ? names + "=" + label(option) : names;
    }

    private static String label(ArgSpec argument) {
        return Roff.italic(argument.paramLabel());
    }

    private void exitStatus(Roff page) {
        Map<String, String> codes = command.usageMessage().exitCodeList();
        page.section("Exit status");
        codes.forEach((code, meaning) -> page.item(Roff.bold(code)).text(Prose.line(meaning)));
        if (!codes.isEmpty() && !isProgram()) {
            page.request(".PP");
        }
        if (!isProgram()) {
            page.request((codes.isEmpty() ? "See " : "For other codes, see ") + reference(all.getFirst())
                    + ".");
        }
    }

    /** The footer of the help: a line that ends in a colon is a heading, indented lines are commands. */
    private void footer(Roff page) {
        List<String> literal = new ArrayList<>();
        for (String line : Stream.concat(Prose.lines(command.usageMessage().footer()).stream(), Stream.of(""))
                .toList()) {
            if (line.startsWith("  ")) {
                literal.add(line.strip());
                continue;
            }
            if (!literal.isEmpty()) {
                page.literal(literal);
                literal.clear();
            }
            if (line.endsWith(":")) {
                page.section(line.substring(0, line.length() - 1));
            } else if (!line.isBlank()) {
                page.request(".PP").text(line);
            }
        }
    }

    /** The environment and files, which picocli's model does not have. */
    private static void surroundings(Roff page) {
        page.section("Environment")
                .item(Roff.bold("NO_COLOR"))
                .text("If it is set and not empty, output has no colour.")
                .item(Roff.bold("TERM"))
                .text("If it is dumb, output has no colour.")
                .item(Roff.bold("JAVA_TOOL_OPTIONS"))
                .text("Options for the JVM, such as -Xmx2g for a run of many millions of interrupts.")
                .section("Files")
                .item(Roff.bold("/dev/kvm"))
                .text("Must be readable and writable; interject doctor shows what is missing, and the fix.");
    }

    private void seeAlso(Roff page) {
        page.section("See also")
                .request(all.stream()
                        .filter(other -> other != command)
                        .map(ManualPage::reference)
                        .collect(joining(",\n")));
    }

    private static String reference(CommandSpec command) {
        return Roff.bold(name(command)) + "(1)";
    }
}
