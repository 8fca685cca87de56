package dev.interject.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests that one process saves and another one restores. */
@RequiresKvm
class RestoreFileTest {

    @TempDir
    private Path directory;

    private Path save(String situation) {
        Path file = directory.resolve("guest.saved");
        ChildProcess.Result saved = Interject.typeHere("restore --situation %s --save %s".formatted(situation, file));
        assertThat(saved.exitCode()).as(saved.err()).isZero();
        assertThat(saved.out()).contains("Saved " + situation).contains(" in guest.saved.");
        return file;
    }

    @Test
    void guest_isRestoredByAnotherProcess() {
        Path file = save("nmi-in-handler");

        ChildProcess.Result kept = Interject.typeHere("restore --count 3 --load " + file);
        assertThat(kept.exitCode()).as(kept.err()).isZero();
        assertThat(kept.out()).contains("All were kept, each 3 times.");

        ChildProcess.Result lost = Interject.typeHere("restore --without events --load " + file);
        assertThat(lost.exitCode()).isEqualTo(1);
        assertThat(lost.out()).contains("NMIs pending: 0, was 1", "NMI mask: clear, was set");
    }

    @Test
    void fileCutShort_isRefused() throws IOException {
        Path file = save("message");
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length / 2));

        ChildProcess.Result refused = Interject.typeHere("restore --load " + file);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.errLines()).containsExactly("interject: %s: is cut short".formatted(file),
                "  fix: save the guest again with this version of Interject");
    }

    @Test
    void json_hasThePieces() {
        Path file = directory.resolve("guest.saved");

        Map<String, Object> saved = Json.parseObject(Interject.typeHere(
                "restore --output json --situation message --irqchip split --save " + file).out());

        assertThat(saved).containsEntry("outcome", "saved")
                .containsEntry("file", file.toString())
                .containsEntry("situation", "message")
                .containsEntry("irqchip", "split")
                .containsEntry("savedAt", "sleep");
        assertThat(Json.objects(saved, "pieces")).extracting(piece -> piece.get("piece"))
                .contains("lapic", "events", "memory", "window");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock = """
                    --save x,                                     --save needs one --situation
                    --save x --situation message --count 2, '--save excludes --order, --without, --count and --all'
                    --save x --load y,                            --save and --load exclude each other
                    --save /no/folder/x --situation message,      '--save /no/folder/x: no such directory'
                    --save / --situation message,                 '--save /: is a directory'
                    --load x --irqchip split, '--load excludes --situation, --irqchip, --vcpus and --all'
                    --load /no/file,                              '/no/file: no such file'
                    --load /,                                     '/: is not a regular file'
                    """)
    void wrongUsage_isOneLine(String options, String message) {
        ChildProcess.Result refused = Interject.typeHere("restore " + options);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.errLines().getFirst()).isEqualTo("interject: " + message);
    }
}
