package dev.interject.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code interject restore}, as typed in a shell, on the real KVM. */
@RequiresKvm
class RestoreOutputTest {

    private static final List<String> RECOMMENDED =
            PieceOrder.recommended().pieces().stream().map(Piece::label).toList();

    private static Map<String, Object> json(String options) {
        return Json.parseObject(Interject.typeHere("restore --output json " + options).out());
    }

    @Test
    void recommendedOrder_isKeptInEachRow() {
        ChildProcess.Result result = Interject.typeHere("restore --situation line-edge,message");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("""
                  situation             irqchip   saved at           taken  late ms  result
                  line-edge             kernel    sleep             1 of 1        -  kept
                  line-edge             split     sleep             1 of 1        -  kept
                  line-edge             userspace sleep             1 of 1        -  kept
                  message               kernel    sleep             1 of 1        -  kept
                  message               split     sleep             1 of 1        -  kept
                """).endsWith("\n  All were kept.\n").doesNotContain("order", "not restored");
    }

    @Test
    void deadlineThatIsNotRestored_isLost() {
        ChildProcess.Result result =
                Interject.typeHere("restore --situation deadline-far --irqchip kernel --without tsc-deadline");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errLines()).containsExactly(
                "interject: 1 of 1 situations were not kept: deadline-far, kernel");
        assertThat(result.out()).contains("""
                  not restored: tsc-deadline
                  situation             irqchip   saved at           taken  late ms  result
                  deadline-far          kernel    take_ticks+0x25   0 of 1        -  lost
                      1 lost
                      IA32_TSC_DEADLINE: not armed, was armed
                """).doesNotContain("kept");
    }

    @Test
    void count_isSaidInTheLastLine() {
        ChildProcess.Result result = Interject.typeHere("restore --situation line-edge --irqchip split --count 5");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).endsWith("  All were kept, each 5 times.\n");
    }

    @Test
    void json_hasARowForEachIrqchip() {
        Map<String, Object> restored = json("--situation line-edge --count 2");

        assertThat(restored).containsOnlyKeys("outcome", "reason", "order", "without", "count", "changes", "rows",
                "requirements", "notes")
                .containsEntry("outcome", "taken")
                .containsEntry("reason", null)
                .containsEntry("order", RECOMMENDED)
                .containsEntry("without", List.of())
                .containsEntry("count", 2L)
                .containsEntry("changes", 0L)
                .containsEntry("requirements", List.of());
        assertThat(Json.objects(restored, "rows")).extracting(row -> row.get("irqchip"))
                .containsExactly("kernel", "split", "userspace");
        assertThat(Json.objects(restored, "rows")).allSatisfy(row -> assertThat(row)
                .containsOnlyKeys("situation", "guest", "irqchip", "savedAt", "change", "exact", "kind", "detail",
                        "requested", "taken", "lost", "doubled", "lateNanos", "differences", "tried", "wrong")
                .containsEntry("situation", "line-edge")
                .containsEntry("guest", "pic")
                .containsEntry("savedAt", "sleep")
                .containsEntry("change", null)
                .containsEntry("kind", "kept")
                .containsEntry("requested", 1L)
                .containsEntry("taken", 1L)
                .containsEntry("lost", 0L)
                .containsEntry("doubled", 0L)
                .containsEntry("lateNanos", null)
                .containsEntry("tried", 2L)
                .containsEntry("wrong", 0L));
    }

    @Test
    void timersDelay_isANumberInJson() {
        Map<String, Object> row = Json.objects(json("--situation one-shot-far --irqchip kernel"), "rows").getFirst();

        assertThat(row.get("lateNanos")).isInstanceOf(Number.class);
    }

    @Test
    void json_namesWhatIsNotRestoredAndWhatIsLost() {
        Map<String, Object> restored = json("--situation asleep-pending --irqchip kernel --without regs,mp-state");

        assertThat(restored).containsEntry("outcome", "not-taken")
                .containsEntry("without", List.of("regs", "mp-state"));
        assertThat(Json.objects(restored, "rows").getFirst()).containsEntry("wrong", 3L).containsEntry("lost", 1L);
    }

    @Test
    void everyChange_showsWhatMustBeRestoredAndWhatMustComeFirst() {
        ChildProcess.Result result =
                Interject.typeHere("restore --situation deadline-far --irqchip kernel --all --verbose");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("  1 of 1 situations were kept in the recommended order.\n",
                """
                          tsc-deadline KVM_SET_MSRS of IA32_TSC_DEADLINE          1  lost 1
                              deadline-far (kernel)
                        """, """
                          lapic        tsc-deadline                               1  lost 1
                              KVM_SET_LAPIC before KVM_SET_MSRS of IA32_TSC_DEADLINE
                              deadline-far (kernel)
                        """, "  deadline-far          kernel    without tsc-deadline                lost\n",
                "  deadline-far          kernel    tsc-deadline in place of lapic      lost\n")
                .containsPattern("\n  [\\d,]+ changes were tried, and \\d+ went wrong.\n")
                .endsWith("  All were kept in the recommended order.\n");
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void everyChange_isNamedInJson() {
        Map<String, Object> restored = json("--situation deadline-far --irqchip kernel --all");

        assertThat(Json.objects(restored, "requirements"))
                .contains(Map.of("first", "lapic", "second", "tsc-deadline", "firstCall", "KVM_SET_LAPIC",
                        "secondCall", "KVM_SET_MSRS of IA32_TSC_DEADLINE", "situations",
                        List.of(Map.of("situation", "deadline-far", "irqchip", "kernel", "kind", "lost"))))
                .anySatisfy(alone -> assertThat(alone).containsEntry("first", "tsc-deadline")
                        .containsEntry("second", null)
                        .containsEntry("secondCall", null));
        assertThat(Json.objects(restored, "rows")).extracting(row -> row.get("change"))
                .contains(Map.of("kind", "left-out", "piece", "tsc-deadline"),
                        Map.of("kind", "swapped", "first", "lapic", "second", "tsc-deadline"));
    }

    @Test
    void junit_hasACaseForEachIrqchip() {
        ChildProcess.Result result =
                Interject.typeHere("restore --situation line-edge --without memory --output junit");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("tests=\"3\"", "failures=\"3\"",
                "<testcase classname=\"interject.restore.userspace\" name=\"line-edge\"",
                "<failure type=\"crashed\" message=\"crashed: ");
    }

    @Test
    void timeThatIsUp_isCode5AndAnErrorInJunit() {
        ChildProcess.Result result = Interject.typeHere("restore --timeout 1us --output junit");

        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.errLines()).singleElement().asString().contains("the time was up");
        assertThat(result.out()).contains("errors=\"1\"", "<skipped message=\"it was not finished\"",
                "<error type=\"timed-out\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"restore", "restore --list", "restore --help",
        "restore --situation line-edge --order lapic,window,regs --verbose"})
    void text_fitsIn80Columns(String line) {
        assertThat(Interject.typeHere(line).out().lines()).isNotEmpty()
                .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(80));
    }
}
