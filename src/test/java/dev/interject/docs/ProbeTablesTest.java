package dev.interject.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import dev.interject.experiment.probe.ConformanceProbe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of the probes: what the manuals say, and what each host does. */
class ProbeTablesTest {

    private static final String HEAD = "| probe |";

    @ParameterizedTest
    @ValueSource(strings = {"docs/doctor.md", "docs/hosts.md"})
    void table_hasEachProbeOnce(String page) {
        assertThat(firstCells(Page.of(page).lines())).containsExactly(
                Stream.of(ConformanceProbe.values()).map(ConformanceProbe::title).toArray(String[]::new));
    }

    private static List<String> firstCells(List<String> lines) {
        return lines.stream()
                .dropWhile(line -> !line.startsWith(HEAD))
                .skip(2)
                .takeWhile(line -> line.startsWith("| "))
                .map(line -> line.substring(2, line.indexOf(" |", 2)))
                .toList();
    }
}
