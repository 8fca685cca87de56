package dev.interject.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.interject.experiment.situation.PendingSituation;
import dev.interject.machine.snapshot.Piece;
import org.junit.jupiter.api.Test;

/** The tables of docs/restore.md. */
class RestorePageTest {

    private static final List<String> PAGE = page();

    private static List<String> page() {
        try {
            return Files.readAllLines(Path.of("docs/restore.md"));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Test
    void piecesOfThePage_areThoseOfTheProgramInItsOrder() {
        List<String> rows = Stream.of(Piece.values())
                .map(piece -> "| `%s` | %s | %s |".formatted(piece,
                        piece.call().replaceAll("\\b(KVM|IA32)_\\w+", "`$0`"),
                        piece.what()))
                .toList();

        assertThat(PAGE).containsSequence(rows);
    }

    @Test
    void everySituation_isOnThePage() {
        assertThat(Stream.of(PendingSituation.values())
                .filter(situation -> PAGE.stream()
                        .noneMatch(line -> line.startsWith("| `") && line.contains("`" + situation + "`"))))
                .isEmpty();
    }
}
