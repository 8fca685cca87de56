package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.interrupt.gate.GateKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of all gates in {@code docs/gates.md}: complete, with the model's references and working commands. */
@RequiresKvm
class GatesPageTest {

    private static final Path PAGE = Path.of("docs/gates.md");

    /** A row: kind, what it reads, what opens it, the options that close it or a remark, the manual's section. */
    record Row(String kind, String reads, String opens, String closedBy, String manual) {

        boolean hasCommand() {
            return closedBy.startsWith("--");
        }

        @Override
        public String toString() {
            return kind;
        }
    }

    static List<Row> rows() {
        try (Stream<String> lines = Files.lines(PAGE)) {
            return lines.filter(line -> line.startsWith("| `")).map(GatesPageTest::row).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Row row(String line) {
        List<String> cells = Arrays.stream(line.substring(2, line.length() - 2).split(" \\| "))
                .map(cell -> cell.startsWith("`") && cell.endsWith("`") ? cell.substring(1, cell.length() - 1) : cell)
                .toList();
        return new Row(cells.get(0), cells.get(1), cells.get(2), cells.get(3), cells.get(4));
    }

    static Stream<Row> rowsWithCommand() {
        return rows().stream().filter(Row::hasCommand);
    }

    @Test
    void table_hasEveryKindOnce() {
        assertThat(rows()).extracting(Row::kind)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(GateKind.values()).map(GateKind::label).toList());
    }

    @Test
    void manual_isThatOfTheModel() {
        assertThat(rows()).allSatisfy(row -> assertThat(row.manual()).isEqualTo(
                Arrays.stream(GateKind.values())
                        .filter(kind -> kind.label().equals(row.kind()))
                        .findFirst()
                        .orElseThrow()
                        .reference()));
    }

    /** Where the host does not check the rule, the gate is open, and the explanation says so. */
    @ParameterizedTest
    @MethodSource("rowsWithCommand")
    void command_showsTheGateClosed(Row row) {
        Map<String, Object> report =
                Json.parseObject(Interject.typeHere("explain " + row.closedBy() + " --output json").out());

        List<Map<String, Object>> gates = Json.objects(report, "gates")
                .stream()
                .filter(gate -> gate.get("kind").equals(row.kind()))
                .toList();
        assertThat(gates).as("%s", report.get("reason")).isNotEmpty();
        boolean isClosed = gates.stream().anyMatch(gate -> !gate.get("verdict").equals("open"));
        assertThat(isClosed || !((List<?>) report.get("departures")).isEmpty()).as("%s", gates).isTrue();
    }
}
