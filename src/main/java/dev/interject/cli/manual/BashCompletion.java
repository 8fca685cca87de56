package dev.interject.cli.manual;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completion for bash, with or without the package bash-completion.
 *
 * <p>{@code picocli.AutoComplete} does not complete {@code --option=value}, and confuses the values of options whose
 * parameters have the same label.
 */
final class BashCompletion {

    private static final String SCRIPT = """
            # Completion of %1$s for bash. Made from the program's own --help by scripts/package.
            _%1$s() {
                local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
                local command='' words='' files='' i
                COMPREPLY=()
                for ((i = 1; i < COMP_CWORD; i++)); do
                    if [[ ${COMP_WORDS[i]} != -* ]]; then
                        command=${COMP_WORDS[i]}
                        break
                    fi
                done
                # --option=value is three words to bash
                if [[ $current == = ]]; then
                    current=''
                elif [[ $option == = ]]; then
                    option=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                case "$command $option" in
            %2$s        *)
                        case $command in
            %3$s            esac
                        ;;
                esac
                if [[ -n $files && $current != -* ]]; then
                    compopt -o filenames
                    mapfile -t COMPREPLY < <(compgen -f -- "$current")
                else
                    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
                fi
            }
            complete -F _%1$s %1$s
            """;

    private final CommandSpec program;

    BashCompletion(CommandSpec program) {
        this.program = program;
    }

    /** The script for {@code /usr/share/bash-completion/completions/interject}. */
    String script() {
        return SCRIPT.formatted(program.name(), values(), commands());
    }

    /** The branches that complete a value. */
    private String values() {
        Map<Value, List<String>> places = new LinkedHashMap<>();
        for (CommandSpec command : Manual.commands(program)) {
            for (OptionSpec option : Manual.options(command).filter(Prose::takesValue).toList()) {
                List<String> some = places.computeIfAbsent(Value.of(option), _ -> new ArrayList<>());
                Stream.of(option.names()).forEach(name -> some.add("'%s %s'".formatted(command.name(), name)));
            }
        }
        StringBuilder branches = new StringBuilder();
        places.forEach((value, some) -> branches.append(branch(8, String.join(" | ", some), assignment(value))));
        return branches.toString();
    }

    private static String assignment(Value value) {
        return switch (value) {
            case Value.Word(List<String> words) -> "words='" + String.join(" ", words) + "'";
            case Value.FileName() -> "files=1";
            case Value.Free() -> ":"; // nothing to offer
        };
    }

    /** The branches that complete a command, an option or a parameter. */
    private String commands() {
        StringBuilder branches = new StringBuilder();
        branches.append(branch(16, "''", "words='%s %s'".formatted(
                Manual.commands(program).stream().map(CommandSpec::name).collect(joining(" ")), options(program))));
        for (CommandSpec command : Manual.commands(program)) {
            String parameters = Manual.parameters(command)
                    .map(Value::of)
                    .distinct()
                    .map(BashCompletion::assignment)
                    .map(assignment -> "; " + assignment.replaceFirst("words='", "words+=' "))
                    .collect(joining());
            branches.append(branch(16, command.name(), "words='" + options(command) + "'" + parameters));
        }
        return branches.toString();
    }

    private static String options(CommandSpec command) {
        return Manual.options(command).map(OptionSpec::longestName).collect(joining(" "));
    }

    private static String branch(int indentation, String pattern, String commands) {
        return "%s%s) %s ;;%n".formatted(" ".repeat(indentation), pattern, commands);
    }
}
