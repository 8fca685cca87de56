package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/state/dump_state.c}, run on a VM that it makes itself. */
@RequiresKvm
@EnabledIf(value = "hasCompiler", disabledReason = "there is no C compiler")
class DumpExampleTest {

    @TempDir
    private Path directory;

    static boolean hasCompiler() {
        return List.of("/usr/bin/cc", "/usr/local/bin/cc").stream().map(Path::of).anyMatch(Files::isExecutable);
    }

    @Test
    void stateOfItsVm_isExplained() throws IOException {
        Path program = directory.resolve("dump_state");
        ChildProcess.Result compiled = ChildProcess.run(List.of("cc", "-Wall", "-Wextra", "-Werror", "-O1", "-o",
                program.toString(), "examples/state/dump_state.c"));
        assertThat(compiled.err()).isEmpty();
        ChildProcess.Result dump = ChildProcess.run(List.of(program.toString(),
                directory.resolve("ram.bin").toString()));
        Path state = directory.resolve("vm.json");
        Files.writeString(state, dump.out());
        assertThat(StateSchema.errors(dump.out())).isEmpty();

        ChildProcess.Result explained = Interject.runHere("explain", "--state", state.toString(), "--irq", "9",
                "--output", "json");
        ChildProcess.Result otherLine = Interject.runHere("explain", "--state", state.toString(), "--irq", "10",
                "--output", "json");

        Map<String, Object> report = Json.parseObject(explained.out());
        assertThat(report).containsEntry("prediction", "waits")
                .containsEntry("decidedBy", "slave 8259, IMR")
                .containsEntry("hingesOn", List.of())
                .containsEntry("vector", 0x29L)
                .containsEntry("handler", "0x2000");
        assertThat(explained.err()).isEqualTo("interject: the interrupt would wait at slave 8259, IMR (IMR 0x02):"
                + " the guest has masked line 9\n");
        assertThat(Json.parseObject(otherLine.out())).containsEntry("prediction", "breaks");
    }
}
