package dev.interject.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON of {@code interject run} for several vCPUs, lines and threads. */
@RequiresKvm
class StormOutputTest {

    private static final String[] LEDGER =
            {"requested", "refused", "accepted", "taken", "coalesced", "held", "lost", "extra"};

    private static Map<String, Object> json(String line) {
        return Json.parseObject(Interject.type(line + " --output json").out());
    }

    private static long sum(List<Map<String, Object>> ledgers, String field) {
        return ledgers.stream().mapToLong(ledger -> (long) ledger.get(field)).sum();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --vcpus 2 --to 1 --irq 10,11,20 --burst 6 --threads 2 --count 12               | 2 | 3
            run --vcpus 3 --to 2 --path msi --burst 4 --count 12                               | 3 | 0
            run --guest slow --irq 3,10 --count 4                                              | 1 | 2
            run --irqchip userspace --guest no-eoi --irq 5,3,6 --count 3 --timeout 4s          | 1 | 3
            """)
    void ledgersOfVcpusAndLines_addUpToTheWhole(String line, int vcpus, int lines) {
        Map<String, Object> report = json(line);
        List<Map<String, Object>> byVcpu = Json.objects(report, "vcpuLedgers");
        List<Map<String, Object>> byLine = Json.objects(report, "lineLedgers");

        assertThat(byVcpu).hasSize(vcpus);
        assertThat(byLine).hasSize(lines);
        assertThat(LEDGER).allSatisfy(field -> {
            assertThat(sum(byVcpu, field)).isEqualTo(Json.object(report, "ledger").get(field));
            assertThat(sum(byLine, field)).isEqualTo(lines == 0 ? 0L : Json.object(report, "ledger").get(field));
        });
    }

    @Test
    void ledgersOfVcpusAndLines_nameTheirVcpuOrLine() {
        Map<String, Object> report = json("run --vcpus 2 --to 1 --irq 10,20");

        assertThat(report).containsEntry("vcpus", 2L).containsEntry("vcpu", 1L).containsEntry("line", 10L);
        assertThat(Json.objects(report, "vcpuLedgers")).extracting("vcpu", "taken")
                .containsExactly(tuple(0L, 0L),
                        tuple(1L, 5L));
        assertThat(Json.objects(report, "lineLedgers")).extracting("line").containsExactly(10L, 20L);
    }

    @Test
    void handlers_agreeWithTheLedger() {
        Map<String, Object> report = json("run --guest apic --irq 10,20 --burst 8 --count 16");

        assertThat(Json.object(report, "handlers")).isEqualTo(Map.of("58", 2L, "68", 2L));
        assertThat(Json.object(report, "ledger")).containsEntry("taken", 4L).containsEntry("coalesced", 12L);
    }

    @Test
    void pace_isReportedAsRequested() {
        assertThat(json("run --guest slow --count 20 --burst 4 --threads 2 --rate 2000"))
                .containsEntry("count", 20L)
                .containsEntry("burst", 4L)
                .containsEntry("threads", 2L)
                .containsEntry("rate", 2000L);
    }

    @Test
    void paceOfAStandardRun_isOneByOne() {
        assertThat(json("run")).containsEntry("burst", 1L).containsEntry("threads", 1L).containsEntry("rate", null);
    }

    @Test
    void eachInterrupt_namesTheLineItUsed() {
        assertThat(Json.objects(json("run --irq 10,3,11 --count 4"), "interrupts")).extracting("line")
                .containsExactly(10L, 3L, 11L, 10L);
        assertThat(Json.objects(json("run --irq 10,3 --trigger level --hold 2 --count 5"), "interrupts"))
                .extracting("line")
                .containsExactly(10L, 10L, 3L, 3L, 10L);
        assertThat(Json.objects(json("run --path msi --count 1"), "interrupts")).extracting("line")
                .containsOnlyNulls();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --path irqfd", "run --path msi-irqfd", "run --path nmi", "run --path pit",
        "run --irqchip userspace --vector 0x41"})
    void pathWithoutStatus_isShownAsSuch(String line) {
        assertThat(Json.objects(json(line), "interrupts")).extracting("status").hasSize(5).containsOnlyNulls();
    }
}
