package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code interject explain} and {@code interject sweep} as a user types them. */
@RequiresKvm
class ExplainOutputTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            explain                                    | 0 | taken     |
            explain --irqchip userspace                | 0 | taken     |
            explain --irqchip split --path line        | 0 | taken     |
            explain --guest deaf                       | 1 | waits     | vCPU, RFLAGS.IF
            explain --guest no-eoi --after 1           | 1 | waits     | slave 8259, ISR
            explain --guest apic --irq 24              | 1 | misrouted | GSI
            explain --guest no-gate                    | 1 | breaks    | IDT, vector 0x2a
            explain --vcpus 2 --to 1 --guest apic      | 1 | misrouted | vCPU 1, MP state
            explain --path lapic-timer                 | 1 | waits     | LAPIC, timer
            explain --fault slave-masked               | 1 | waits     | slave 8259, IMR
            explain --at sleep --at-instruction 1      | 1 | waits     | vCPU, interrupt shadow
            explain --at install_idt --set cpu.if=1    | 1 | breaks    | slave 8259, vector base
            explain --after 1 --at taken --irq 9       | 1 | waits     | slave 8259, ISR
            explain --after 3 --at taken --irq 5       | 1 | waits     | master 8259, ISR
            explain --after 2 --at-instruction 1       | 1 | waits     | slave 8259, ISR
            explain --after 2 --at taken --irqchip userspace | 1 | waits | slave 8259, ISR
            explain --after 1 --at taken --irqchip split --path vector | 1 | waits | slave 8259, ISR
            explain --after 2 --at-instruction 1 --path nmi | 1 | waits | vCPU, NMI
            """)
    void json_namesTheGateThatDecides(String line, int exitCode, String prediction, String place) {
        ChildProcess.Result result = Interject.type(line + " --output json");
        Map<String, Object> report = Json.parseObject(result.out());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(report).containsEntry("prediction", prediction).containsEntry("decidedBy", place);
        List<Map<String, Object>> gates = Json.objects(report, "gates");
        assertThat(gates.stream().filter(gate -> !gate.get("verdict").equals("open")).findFirst())
                .map(gate -> gate.get("place"))
                .isEqualTo(Optional.ofNullable(place));
    }

    @ParameterizedTest
    @ValueSource(strings = {"explain --dump", "explain --fault no-eoi --verbose", "explain --path msi --dump",
        "sweep --handler --count 36",
        "guests --faults", "sweep", "explain --help", "sweep --help"})
    void text_fitsInto80Columns(String line) {
        ChildProcess.Result result = Interject.type(line);

        assertThat(result.out().lines()).isNotEmpty()
                .allSatisfy(text -> assertThat(text.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void dump_showsModeTssAndPages() {
        assertThat(Interject.type("explain --dump").out()).contains("long mode, 4 levels of paging; CR0.WP 0",
                "RSP0=0x0",
                "at 8000, writable, rings 0 to 2", "fffffffffffff000  not present");
        assertThat(Interject.type("explain --guest real --dump").out()).contains("real mode, no paging");
        assertThat(Interject.type("explain --dump --output json").out()).contains("\"mode\":\"long\"",
                "\"stacks\":[{\"name\":\"RSP0\"", "\"pages\":[{", "{\"linear\":\"0x8000\",\"physical\":\"0x8000\"");
    }

    @Test
    void holdingGate_isMarkedWithItsFix() {
        ChildProcess.Result result = Interject.type("explain --fault no-eoi");

        assertThat(result.out()).contains("> holds    master 8259, ISR", "The interrupt would wait.", "send its EOI",
                "see: 8259A data sheet");
        assertThat(result.errLines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            explain --fault nope                  | there is no fault 'nope'
            explain --at nowhere                  | no symbol 'nowhere'
            explain --after 1 --at taken --path ipi    | needs a guest that runs
            explain --after 1 --at taken --vcpus 2 --to 1 --path msi | vCPU 0 is single-stepped
            sweep --path lapic-timer              | needs a guest that runs
            sweep --vcpus 2 --to 1                | vCPU 0 is single-stepped
            explain --at-instruction -1           | --at-instruction must be 0
            explain --irq 5,6                     | --irq takes one line here, not 2
            sweep --irq 5,6                       | --irq takes one line here, not 2
            sweep --timeout 0s                    | --timeout must be above 0
            sweep --count 0                       | --count must be 1
            sweep --from nowhere                  | no symbol 'nowhere'
            """)
    void wrongUsage_isRefusedByName(String line, String said) {
        ChildProcess.Result result = Interject.type(line);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(said);
    }

    /** Each option of the command, with a value that it accepts. */
    @ParameterizedTest
    @ValueSource(strings = {"--guest deaf", "--irqchip userspace", "--path msi", "--irq 5", "--vector 0x41",
        "--address 0xfee00000", "--trigger level", "--vcpus 2", "--to 0", "--after 1", "--at sleep",
        "--at-instruction 1"})
    void optionTogetherWithAFault_isRefusedNotIgnored(String option) {
        ChildProcess.Result result = Interject.type("explain --fault no-eoi " + option);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("it excludes " + option.split(" ")[0]);
    }

    @Test
    void interruptOfAfterThatIsNotTaken_isReportedAsTheReason() {
        ChildProcess.Result result = Interject.type("explain --guest no-eoi --after 2 --timeout 8s --output json");
        Map<String, Object> report = Json.parseObject(result.out());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(report).containsEntry("outcome", "timed-out").doesNotContainKey("gates");
        assertThat((String) report.get("reason"))
                .contains("took 1 of the 2 interrupts that it takes first; the next is held at slave 8259, ISR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"explain --guest spin --at-instruction 1000000", "explain --guest no-eoi --after 2",
        "explain --fault nmi-in-nmi", "sweep --count 1000 --handler", "explain --guest spin --at taken"})
    void watchdog_reportsThePositionOfTheGuest(String line) {
        ChildProcess.Result result = Interject.type(line + " --timeout 1ms");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(result.err()).contains("the watchdog ended the run after 1 ms: ", "the guest is at RIP 0x");
    }

    @Test
    void sweepOfAGuestThatNeverOpens_countsNoneAsPredicted() {
        ChildProcess.Result result = Interject.type("sweep --guest deaf --from asleep --count 2 --output json");
        Map<String, Object> sweep = Json.parseObject(result.out());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(sweep).containsEntry("outcome", "not-as-predicted");
        assertThat((String) sweep.get("reason")).isEqualTo("2 of 2 were not taken as predicted, 2 of them never");
        assertThat(Json.objects(sweep, "instructions")).hasSize(2)
                .allSatisfy(row -> assertThat(row).containsEntry("result", "not-taken")
                        .containsEntry("asPredicted",
                                false));
    }

    @Test
    void sweepOfAGuestThatHalts_reportsWhyItIsShorter() {
        ChildProcess.Result result = Interject.type("sweep --count 9");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("(the guest sleeps after 3 of 9 instructions, and nothing wakes it)",
                "Each was taken as predicted.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sweep", "sweep --irqchip userspace", "sweep --irqchip split",
        "sweep --handler --count 40", "sweep --guest apic --path msi", "sweep --path nmi --from asleep"})
    void sweep_takesEachAsPredicted(String line) {
        ChildProcess.Result result = Interject.type(line + " --output json");
        Map<String, Object> sweep = Json.parseObject(result.out());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(sweep).containsEntry("outcome", "as-predicted");
        assertThat(Json.objects(sweep, "instructions")).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void shadowOfSti_isShownAndHoldsForOneInstruction() {
        Map<String, Object> sweep = Json.parseObject(Interject.type("sweep --output json").out());
        List<Map<String, Object>> instructions = Json.objects(sweep, "instructions");

        assertThat(instructions.get(1)).containsEntry("shadow", "STI").containsEntry("predicted", "waits");
        assertThat(instructions.get(1).get("takenAfter")).hasToString("1");
    }
}
