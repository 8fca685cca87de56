package dev.interject.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import dev.interject.cli.Main;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The script's text; zsh itself is rarely installed. */
class ZshCompletionTest {

    private static final String OURS = new ZshCompletion(Main.commandLine().getCommandSpec()).script();

    private static String scriptOf(OptionSpec option) {
        CommandSpec command = CommandSpec.create().addOption(option);
        command.usageMessage().description("Runs.");
        return new ZshCompletion(CommandSpec.create().name("interject").addSubcommand("run", command)).script();
    }

    @Test
    void script_isForTheProgram() {
        assertThat(OURS).startsWith("#compdef interject\n").endsWith("_interject \"$@\"\n");
    }

    @Test
    void everyCommand_isDescribedAndHasItsOptions() {
        assertThat(Main.commandLine().getSubcommands().keySet()).hasSizeGreaterThan(5)
                .allSatisfy(name -> assertThat(OURS).contains("    '" + name + ":", "    " + name + ")\n"));
    }

    @Test
    void valuesOfAnOption_areOffered() {
        assertThat(OURS).contains(":WHERE:(kernel split userspace)'");
    }

    @Test
    void quoteAndBracket_areThoseOfTheDescription() {
        String script = scriptOf(OptionSpec.builder("--period").description("a timer's [sic]").build());

        assertThat(script).contains("'(--period)--period[a timer'\\''s \\[sic\\]]'");
    }

    @Test
    void fileName_isCompleted() {
        String script = scriptOf(OptionSpec.builder("--into").type(Path.class).paramLabel("FILE").build());

        assertThat(script).contains("'(--into)--into=[]:FILE:_files'");
    }
}
