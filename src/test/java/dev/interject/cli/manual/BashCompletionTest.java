package dev.interject.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.interject.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The script as bash itself runs it. */
class BashCompletionTest {

    /** As readline calls it: the words so far, the last of them unfinished. */
    private static final String TAB = """
            source "$1"; shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
            compopt() { :; } # there is no readline here
            _interject
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @TempDir
    private Path directory;

    /** What bash offers after these words, which are separated by commas: the last may be empty. */
    private List<String> complete(CommandSpec program, String words) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("interject.bash"), new BashCompletion(program).script());
        ProcessBuilder bash = new ProcessBuilder("bash", "-uc", TAB, "bash", script.toString());
        bash.command().addAll(List.of(words.split(",", -1)));
        Process process = bash.directory(directory.toFile()).redirectErrorStream(true).start();
        String offered = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(offered).isZero();
        return offered.lines().filter(line -> !line.isEmpty()).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            interject,ru                               | run
            interject,--v                              | --version
            interject,run,--gu                         | --guest
            interject,run,--irqchip,                   | kernel split userspace
            interject,run,--irqchip,u                  | userspace
            interject,run,--irqchip,=                  | kernel split userspace
            interject,run,--irqchip,=,sp               | split
            interject,run,--irqchip,=,split,--tri      | --trigger
            interject,run,--irqchip,split,--path,nm    | nmi
            interject,explain,--fault,slave-           | slave-masked slave-behind-slave
            interject,explain,--output,                | text json
            interject,run,--count,                     | ''
            interject,nonsense,                        | ''
            """)
    void tab_offersWhatIsAccepted(String words, String offered) throws IOException, InterruptedException {
        assertThat(complete(Main.commandLine().getCommandSpec(), words)).isEqualTo(
                offered.isEmpty() ? List.of() : List.of(offered.split(" ")));
    }

    @Test
    void tabAfterTheProgram_offersEveryCommand() throws IOException, InterruptedException {
        CommandSpec program = Main.commandLine().getCommandSpec();

        assertThat(complete(program, "interject,")).containsAll(program.subcommands().keySet());
    }

    /** Two commands that Interject does not have: one takes files, the other is hidden. */
    private static CommandSpec withFiles() {
        CommandSpec convert = CommandSpec.create()
                .addPositional(PositionalParamSpec.builder().paramLabel("FILE").type(Path.class).build())
                .addOption(OptionSpec.builder("-o", "--into").type(Path.class).build())
                .addOption(OptionSpec.builder("--seldom").hidden(true).build());
        CommandSpec hidden = CommandSpec.create();
        hidden.usageMessage().hidden(true);
        return CommandSpec.create().name("interject").addSubcommand("convert", convert).addSubcommand("inner", hidden);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            interject,                | convert
            interject,convert,tr      | trace one.json
            interject,convert,--into, | trace one.json
            interject,convert,-o,     | trace one.json
            interject,convert,--      | --into
            """)
    void fileName_isOfferedWhereOneIsAccepted(String words, String offered) throws IOException, InterruptedException {
        Files.createDirectory(directory.resolve("sub"));
        Files.createFile(directory.resolve("trace one.json"));

        assertThat(complete(withFiles(), words)).contains(offered)
                .doesNotContain("inner", "--seldom");
    }
}
