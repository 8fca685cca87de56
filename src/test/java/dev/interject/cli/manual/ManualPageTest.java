package dev.interject.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The pages' source. The test of the package checks that groff and mandoc accept it without warnings. */
class ManualPageTest {

    private static String page(CommandSpec command) {
        return new ManualPage(command, List.of(command)).roff("1.2.3", "2026-01-02");
    }

    private static CommandSpec command(String... description) {
        CommandSpec command = CommandSpec.create().name("probe");
        command.usageMessage().description(description);
        return command;
    }

    @Test
    void everyCommand_hasAPageWithItsOptions(@TempDir Path directory) throws IOException {
        Manual.write(directory, "1.2.3", "2026-01-02");

        assertThat(Main.commandLine().getSubcommands()).hasSizeGreaterThan(5).allSatisfy((name, command) -> {
            assertThat(directory.resolve("interject-" + name + ".1")).content()
                    .contains("interject " + name)
                    .contains(command.getCommandSpec()
                            .options()
                            .stream()
                            .map(option -> option.longestName().replace("-", "\\-"))
                            .toList());
        });
    }

    /** What the list of commands shows, in help and in completions. */
    @Test
    void firstLineOfADescription_isAWholeSentence() {
        assertThat(Main.commandLine().getSubcommands().values()).hasSizeGreaterThan(5)
                .allSatisfy(command -> assertThat(
                        command.getCommandSpec().usageMessage().description()[0]).matches("[A-Z][^.]*\\."));
    }

    @Test
    void everyOfferedValue_isLowerCase() {
        List<String> offered = Main.commandLine()
                .getSubcommands()
                .values()
                .stream()
                .flatMap(command -> command.getCommandSpec().args().stream())
                .map(Value::of)
                .filter(Value.Word.class::isInstance)
                .flatMap(value -> ((Value.Word) value).words().stream())
                .toList();

        assertThat(offered).hasSizeGreaterThan(20).allSatisfy(word -> assertThat(word).isLowerCase());
    }

    @Test
    void pageOfTheProgram_refersToTheOthersAndSaysTheExitCodes(@TempDir Path directory) throws IOException {
        Manual.write(directory, "1.2.3", "2026-01-02");

        assertThat(directory.resolve("interject.1")).content()
                .startsWith(".\\\"")
                .contains(".TH \"INTERJECT\" \"1\" \"2026-01-02\" \"Interject 1.2.3\"")
                .contains("\\fBinterject\\-run\\fR(1)", "\\fB130\\fR", "\\fB/dev/kvm\\fR");
    }

    @Test
    void name_isTheFirstSentence() {
        assertThat(page(command("Looks here, and", "there. Then it ends."))).contains(
                ".SH \"NAME\"\nprobe \\- looks here, and there\n");
    }

    @Test
    void lineThatLooksLikeARequest_isText() {
        String page = page(command("A word. " + "Long enough to be folded, ".repeat(2) + "just before .so or 'so."));

        assertThat(page.lines()).allSatisfy(line -> assertThat(line).doesNotStartWith(".so").doesNotStartWith("'"));
    }

    @Test
    void backslashDashAndQuote_areEscaped() {
        assertThat(page(command("Type 'a\\b' --now."))).contains("Type \\(aqa\\eb\\(aq \\-\\-now.");
    }

    @Test
    void valuesThatTheDescriptionLacks_areListed() {
        OptionSpec.Builder option = OptionSpec.builder("--trigger").completionCandidates(List.of("edge", "level"));
        Stream<String> pages = Stream.of("edge or level", "how")
                .map(text -> page(command("Goes.").addOption(option.description(text).build())));

        assertThat(pages).satisfiesExactly(
                said -> assertThat(said).doesNotContain("One of"),
                unsaid -> assertThat(unsaid).contains("One of: edge, level."));
    }

    @Test
    void footerOfHelp_becomesSections() {
        CommandSpec command = command("Goes.");
        command.usageMessage().footer("", "Examples:", "  probe --all", "", "More is elsewhere.");

        assertThat(page(command)).contains(".SH \"EXAMPLES\"\n.RS 4\n.EX\nprobe \\-\\-all\n.EE\n",
                ".PP\nMore is elsewhere.\n");
    }
}
