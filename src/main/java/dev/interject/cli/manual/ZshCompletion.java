package dev.interject.cli.manual;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.Stream;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion for zsh, with the descriptions of commands and options. */
final class ZshCompletion {

    private static final String SCRIPT = """
            #compdef %1$s
            # Completion of %1$s for zsh. Made from the program's own --help by scripts/package.
            _%1$s() {
                local state line
                typeset -A opt_args
                _arguments -C \\
            %2$s        ':command:->command' \\
                    '*::argument:->argument' && return
                case $state in
                    command)
                        local -a commands=(
            %3$s            )
                        _describe command commands
                        ;;
                    argument)
                        case $line[1] in
            %4$s            esac
                        ;;
                esac
            }
            _%1$s "$@"
            """;

    private final CommandSpec program;

    ZshCompletion(CommandSpec program) {
        this.program = program;
    }

    /** The script for {@code /usr/share/zsh/vendor-completions/_interject}. */
    String script() {
        List<CommandSpec> commands = Manual.commands(program);
        return SCRIPT.formatted(program.name(), arguments(8, Manual.options(program).map(ZshCompletion::argument)),
                commands.stream().map(ZshCompletion::described).collect(joining()),
                commands.stream().map(ZshCompletion::branch).collect(joining()));
    }

    private static String described(CommandSpec command) {
        return "                %s%n".formatted(quote(command.name() + ":" + headline(command)));
    }

    private static String headline(CommandSpec command) {
        return Prose.headline(command.usageMessage().description());
    }

    private static String branch(CommandSpec command) {
        String arguments = arguments(24, Stream.concat(
                Manual.options(command).map(ZshCompletion::argument),
                Manual.parameters(command).map(ZshCompletion::argument)));
        return "                %s)%n                    _arguments \\%n%s%s%n                    ;;%n".formatted(
                command.name(), arguments, " ".repeat(24) + "&& return");
    }

    private static String arguments(int indentation, Stream<String> arguments) {
        return arguments.map(argument -> "%s%s \\%n".formatted(" ".repeat(indentation), argument)).collect(joining());
    }

    private static String argument(OptionSpec option) {
        String excluded = option.usageHelp() || option.versionHelp() ? "- *" : String.join(" ", option.names());
        String what = "[" + Prose.line(option.description()).replaceAll("[\\[\\]\\\\]", "\\\\$0") + "]";
        return Stream.of(option.names())
                .map(name -> Prose.takesValue(option) ? name + "=" + what + value(option) : name + what)
                .map(argument -> quote(option.isMultiValue() ? "*" + argument : "(" + excluded + ")" + argument))
                .collect(joining(" "));
    }

    private static String argument(PositionalParamSpec parameter) {
        return quote((parameter.isMultiValue() ? "*" : "") + value(parameter));
    }

    private static String value(ArgSpec argument) {
        String action = switch (Value.of(argument)) {
            case Value.Word(List<String> words) -> "(" + String.join(" ", words) + ")";
            case Value.FileName() -> "_files";
            case Value.Free() -> " "; // the label is shown, and nothing offered
        };
        return ":" + argument.paramLabel().replace(":", "\\:") + ":" + action;
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
