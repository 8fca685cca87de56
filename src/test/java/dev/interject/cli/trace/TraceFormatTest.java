package dev.interject.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.interject.RequiresKvm;
import dev.interject.cli.Json;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.run.RunObserver;
import dev.interject.experiment.trace.TraceExperiment;
import dev.interject.experiment.trace.TraceReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A trace's JSON follows the trace event format and the rules of Perfetto: slices of a track are nested or disjoint,
 * and an arrow begins and ends inside a slice.
 */
@RequiresKvm
class TraceFormatTest {

    private static final String RUNS = """
            --count 20
            --trigger level --count 5
            --irqchip userspace --count 20
            --irqchip userspace --guest busy --count 5
            --irqchip split --path line --count 5
            --path irqfd --trigger level --count 5
            --path nmi --count 5
            --path ipi --vcpus 3 --to 2 --count 5
            --guest real --count 5
            --guest nested --irq 10,5 --burst 2 --count 4
            --guest slow --burst 8 --threads 2 --count 8
            """;

    private static TraceReport trace(String options, int room) {
        return TraceExperiment.run(TraceOptions.plan(options), room, new Cancellation(), RunObserver.NONE);
    }

    private static Map<String, Object> json(TraceReport report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceJson.write(report, out);
        return Json.parseObject(out.toString(StandardCharsets.UTF_8));
    }

    private static List<Map<String, Object>> events(Map<String, Object> trace, String... phases) {
        return Json.objects(trace, "traceEvents")
                .stream()
                .filter(event -> Set.of(phases).contains(event.get("ph")))
                .toList();
    }

    private static BigDecimal micros(Map<String, Object> event, String field) {
        return new BigDecimal(event.get(field).toString());
    }

    private static BigDecimal end(Map<String, Object> slice) {
        return micros(slice, "ts").add(micros(slice, "dur"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = RUNS)
    void everyEvent_hasTheFieldsOfItsPhase(String options) throws IOException {
        Map<String, Object> trace = json(trace(options, 100_000));

        assertThat(trace.keySet()).containsExactly("traceEvents", "otherData", "run");
        assertThat(Json.objects(trace, "traceEvents")).allSatisfy(event -> {
            assertThat(event.get("ph")).isIn("M", "X", "i", "s", "f");
            assertThat(event.get("name")).asString().isNotBlank();
            assertThat(event).containsEntry("pid", 1L);
            assertThat(event.get("tid")).isInstanceOf(Long.class);
        });
        assertThat(events(trace, "X", "i", "s", "f")).allSatisfy(event -> {
            assertThat(event.get("cat")).isIn("host", "irqchip", "vcpu", "guest", "interrupt");
            assertThat(micros(event, "ts")).isNotNegative();
        });
        assertThat(events(trace, "X")).isNotEmpty()
                .allSatisfy(event -> assertThat(micros(event, "dur")).isPositive());
        assertThat(events(trace, "i")).isNotEmpty().allSatisfy(event -> assertThat(event).containsEntry("s", "t"));
        assertThat(events(trace, "f")).allSatisfy(event -> assertThat(event).containsEntry("bp", "e"));
        assertThat(events(trace, "M")).allSatisfy(event -> {
            assertThat(event.get("name")).isIn("process_name", "thread_name", "thread_sort_index");
            assertThat(Json.object(event, "args")).hasSize(1);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = RUNS)
    void slicesOfATrack_areNestedOrDisjoint(String options) throws IOException {
        Map<Object, List<Map<String, Object>>> tracks = events(json(trace(options, 100_000)), "X").stream()
                .collect(Collectors.groupingBy(event -> event.get("tid")));

        assertThat(tracks).hasSizeGreaterThan(1);
        assertThat(tracks.values()).allSatisfy(slices -> assertThat(slices).allSatisfy(
                slice -> assertThat(slices).noneMatch(other -> cuts(slice, other))));
    }

    private static boolean cuts(Map<String, Object> slice, Map<String, Object> other) {
        return micros(slice, "ts").compareTo(micros(other, "ts")) < 0
                && micros(other, "ts").compareTo(end(slice)) < 0 && end(slice).compareTo(end(other)) < 0;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = RUNS)
    void arrows_leadFromEachInterruptToItsHandler(String options) throws IOException {
        TraceReport report = trace(options, 100_000);
        Map<String, Object> trace = json(report);
        List<Map<String, Object>> slices = events(trace, "X");
        List<Map<String, Object>> starts = events(trace, "s");
        List<Map<String, Object>> tips = events(trace, "f");

        assertThat(starts).hasSize((int) report.run().ledger().taken()).extracting("id").doesNotHaveDuplicates();
        assertThat(tips)
                .extracting("id", "name", "cat")
                .isEqualTo(starts.stream()
                        .map(start -> tuple(start.get("id"), start.get("name"),
                                start.get("cat")))
                        .toList());
        assertThat(starts).allSatisfy(start -> assertThat(slices)
                .anyMatch(slice -> holds(slice, start) && start.get("name").equals(numberIn(slice))));
        assertThat(tips).allSatisfy(tip -> assertThat(slices)
                .anyMatch(slice -> holds(slice, tip) && slice.get("name").toString().startsWith("handler 0x")));
    }

    private static boolean holds(Map<String, Object> slice, Map<String, Object> event) {
        return slice.get("tid").equals(event.get("tid")) && micros(slice, "ts").compareTo(micros(event, "ts")) <= 0
                && micros(event, "ts").compareTo(end(slice)) <= 0;
    }

    private static String numberIn(Map<String, Object> slice) {
        return slice.get("name").toString().replaceFirst("injects ", "");
    }

    @Test
    void timerTicks_haveHandlersAndNoArrows() throws IOException {
        Map<String, Object> trace = json(trace("--path pit --count 3", 100_000));

        assertThat(events(trace, "s", "f")).isEmpty();
        assertThat(events(trace, "X")).extracting("name").contains("handler 0x20");
    }

    @Test
    void tracks_areHostControllersAndEachVcpuWithItsHandlers() throws IOException {
        Map<String, Object> trace = json(trace("--vcpus 2 --to 1 --path msi --count 2", 100_000));
        Map<Object, Object> names = events(trace, "M").stream()
                .filter(event -> event.get("name").equals("thread_name"))
                .collect(Collectors.toMap(event -> event.get("tid"), event -> Json.object(event, "args").get("name")));

        assertThat(names.values()).containsExactlyInAnyOrder("host", "irqchip", "vCPU 0", "vCPU 0, handlers", "vCPU 1",
                "vCPU 1, handlers");
        assertThat(events(trace, "X", "i", "s", "f")).extracting("tid").isSubsetOf(names.keySet());
    }

    @Test
    void droppedEvents_areCounted() throws IOException {
        Map<String, Object> trace = json(trace("--count 20", 40));

        assertThat(Json.object(trace, "otherData")).containsEntry("recorded", 40L);
        assertThat((long) Json.object(trace, "otherData").get("dropped")).isPositive();
        assertThat(Json.object(trace, "run")).containsEntry("outcome", "taken");
    }

    @Test
    void runWithoutAMachine_isATraceWithoutEvents() throws IOException {
        TraceReport report = trace("--irqchip userspace --vcpus 2", 10);
        Map<String, Object> trace = json(report);

        assertThat(report.run().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(events(trace, "X", "i", "s", "f")).isEmpty();
        assertThat(Json.object(trace, "run")).containsEntry("outcome", "refused");
    }
}
