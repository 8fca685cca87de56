package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.experiment.explain.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The command that makes the situation of a fault from options. */
@RequiresKvm
class FaultOptionsTest {

    @ParameterizedTest
    @EnumSource(names = "AUTO_EOI", mode = EnumSource.Mode.EXCLUDE)
    void command_hasTheVerdictOfTheFault(Fault fault) {
        String command = FaultOptions.command(fault).orElseThrow();

        Map<String, Object> same = explain(Stream.of(Interject.words(command)).skip(1));
        Map<String, Object> expected = explain(Stream.of("explain", "--fault", fault.label()));
        assertThat(expected.get("command")).isEqualTo(command);
        for (String field : List.of("outcome", "prediction", "decidedBy", "vector", "settings")) {
            assertThat(same.get(field)).as(field).isEqualTo(expected.get(field));
        }
    }

    private static Map<String, Object> explain(Stream<String> arguments) {
        ChildProcess.Result result =
                Interject.runHere(Stream.concat(arguments, Stream.of("--output", "json")).toArray(String[]::new));
        return Json.parseObject(result.out());
    }

    @Test
    void settingWithBrackets_isQuotedForAShell() {
        assertThat(FaultOptions.command(Fault.NO_GATE_TYPE)).contains(
                "interject explain --guest pic --path line --irq 10 --set 'idt[0x2a].type=call'");
    }

    @Test
    void onlyAutomaticEoi_hasNoCommand() {
        assertThat(Stream.of(Fault.values()).filter(fault -> FaultOptions.command(fault).isEmpty()))
                .containsExactly(Fault.AUTO_EOI);
    }
}
