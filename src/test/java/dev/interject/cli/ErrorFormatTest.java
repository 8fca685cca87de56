package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors in the format that the command line requests. None needs KVM. */
class ErrorFormatTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"run --count 0", "run --nope", "run --guest nope", "run extra", "trace --events 0",
                "explain --after -1", "sweep --count 0", "compare --count 0", "restore --count 0", "bench --rounds 0",
                "doctor --nope",
                "suite --nope", "guests --nope", "lines --nope", "nope", "--nope"})
    void usageErrorInJson_isOneObject(String line) {
        ChildProcess.Result result = Interject.typeHere(line + " --output json");
        Map<String, Object> error = Json.parseObject(result.out());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(error).containsOnlyKeys("outcome", "reason", "see").containsEntry("outcome", "usage-error");
        assertThat(result.errLines().getFirst()).isEqualTo("interject: " + error.get("reason"));
    }

    @ParameterizedTest
    @CsvSource({"run --count 0 --output=json", "run --output JSON --count 0", "run --output json --count"})
    void optionForJson_isRecognizedInEverySpelling(String line) {
        assertThat(Json.parseObject(Interject.typeHere(line).out())).containsEntry("outcome", "usage-error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --count 0", "compare --count 0", "restore --count 0", "doctor --nope", "suite --nope"})
    void usageErrorInJunitXml_isOneError(String line) {
        ChildProcess.Result result = Interject.typeHere(line + " --output junit");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).contains("tests=\"1\"", "errors=\"1\"", "<error type=\"usage-error\"");
    }

    @Test
    void controlCharacters_areQuoted() {
        ChildProcess.Result result = Interject.runHere("run", "--guest", "\033[31mred\n\u202etxt");

        assertThat(result.errLines()).hasSize(2);
        assertThat(result.err()).doesNotContain("\033", "\u202e").contains("\\u001b[31mred\\u000a\\u202etxt");
    }

    @Test
    void longValue_isCutInTheMiddle() {
        ChildProcess.Result result = Interject.runHere("run", "--count", "x".repeat(100_000));

        assertThat(result.errLines().getFirst()).hasSizeLessThan(500)
                .startsWith("interject: Invalid value for option")
                .contains("xxx...xxx")
                .endsWith("' is not a number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"trace --file %s/trace", "explain --state %s", "suite %s", "restore --load %s", "boot %s",
                "bench --baseline %s", "run --vector 0x20 --image %s", "explain --at %s", "nope%s"})
    void longNameOrValue_isCutInEveryMessage(String line) {
        String[] arguments = Stream.of(Interject.words(line))
                .map(word -> word.replace("%s", "x".repeat(5000)))
                .toArray(String[]::new);

        ChildProcess.Result result = Interject.runHere(arguments);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.errLines()).hasSizeBetween(1, 2).allSatisfy(shown -> assertThat(shown).hasSizeLessThan(500));
    }
}
