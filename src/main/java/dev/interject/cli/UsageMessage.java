package dev.interject.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.experiment.NearWord;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with the arguments, and which word was probably meant. */
final class UsageMessage {

    /** The commands that list the words of an option that takes more of them than a message can show. */
    private static final Map<String, String> LISTS = Map.of("--fault", "interject guests --faults",
            "--situation", "interject restore --list", "--without", "interject restore --list");

    /** What an option takes, where its name does not say it. */
    private static final Map<String, String> NOUNS = Map.of("--without", "piece");

    private UsageMessage() {}

    static String of(ParameterException error) {
        if (error instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            return unmatched(unmatched.getUnmatched().getFirst(), error.getCommandLine());
        }
        return choice(error).orElseGet(() -> String.valueOf(error.getMessage()));
    }

    private static String unmatched(String argument, CommandLine command) {
        if (argument.startsWith("-")) {
            String name = argument.split("=", 2)[0];
            List<String> names = command.getCommandSpec()
                    .options()
                    .stream()
                    .flatMap(option -> Stream.of(option.names()))
                    .toList();
            return "unknown option '%s'".formatted(name) + didYouMean(name, names).orElse("");
        }
        if (command.getSubcommands().isEmpty()) {
            return "unexpected argument '%s'".formatted(argument);
        }
        return noSuchCommand(argument, command);
    }

    static String noSuchCommand(String name, CommandLine program) {
        return "unknown command '%s'".formatted(name)
                + didYouMean(name, List.copyOf(program.getSubcommands().keySet())).orElse("");
    }

    /** Of an option that takes one of several words, but was given another. */
    private static Optional<String> choice(ParameterException error) {
        ArgSpec argument = error.getArgSpec();
        String value = error.getValue();
        if (!(argument instanceof OptionSpec option) || value == null || option.completionCandidates() == null) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        option.completionCandidates().forEach(words::add);
        if (words.stream().anyMatch(value::equalsIgnoreCase)) {
            return Optional.empty(); // wrong for another reason, such as an option that is given twice
        }
        return Optional.of("there is no %s '%s'".formatted(noun(option.longestName()), value)
                + didYouMean(value, words).orElseGet(() -> list(option.longestName(), words)));
    }

    private static String noun(String option) {
        return NOUNS.getOrDefault(option, option.substring(2));
    }

    private static String list(String option, List<String> words) {
        return LISTS.containsKey(option)
                ? "; list them with: " + LISTS.get(option)
                : "; there are " + String.join(", ", words);
    }

    private static Optional<String> didYouMean(String typed, List<String> words) {
        return NearWord.of(typed, words).map("; did you mean '%s'?"::formatted);
    }
}
