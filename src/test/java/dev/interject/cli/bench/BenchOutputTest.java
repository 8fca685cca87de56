package dev.interject.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.cli.svg.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code interject bench}, as typed in a shell. */
@RequiresKvm
class BenchOutputTest {

    private static final String ONE_PATH = "bench --irqchip kernel --path msi --count 40 --rounds 2";

    @TempDir
    private Path directory;

    @Test
    void text_hasEveryTableWithin80Columns() {
        ChildProcess.Result result = Interject.type(ONE_PATH);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("Injection alone, vCPU halted", "Injection alone, vCPU busy",
                "To the handler, vCPU halted", "To the handler, vCPU busy", "Round trip, vCPU halted",
                "Round trip, vCPU busy", "Counted in memory", "VM to first interrupt", "Java heap",
                "histogram: microseconds and number of interrupts");
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void json_isOneObjectThatALaterRunAcceptsAsItsBaseline() {
        Path before = directory.resolve("before.json");

        assertThat(Interject.type(ONE_PATH + " --output json --file " + before).out()).isEmpty();
        ChildProcess.Result beside = Interject.type(ONE_PATH + " --measure latency --baseline " + before);

        assertThat(beside.exitCode()).as(beside.err()).isZero();
        assertThat(beside.out()).contains("Compared with " + before)
                .containsPattern("round-trip, busy +[0-9.]+ +[0-9.]+ +[0-9.]+");
        assertThat(beside.out()).doesNotContain("not in " + before);
    }

    @Test
    void restore_isComparedWithItsBaseline() {
        String restore = "bench --irqchip userspace --path vector --measure restore --count 20 --rounds 1";
        Path before = directory.resolve("before.json");

        Interject.type(restore + " --output json --file " + before);
        ChildProcess.Result beside = Interject.type(restore + " --baseline " + before);

        assertThat(beside.exitCode()).as(beside.err()).isZero();
        assertThat(beside.out()).contains("Save and restore")
                .containsPattern("userspace vector +pic +restore +[0-9.]+ +[0-9.]+ +[0-9.]+");
    }

    @Test
    void json_hasPercentilesInOrderAndTheHistogramOfEachTime() {
        Map<String, Object> bench = Json.parseObject(Interject.type(ONE_PATH + " --output json").out());
        List<Map<String, Object>> rows = Json.objects(bench, "rows");

        assertThat(bench).containsEntry("kind", "interject bench").containsEntry("outcome", "taken");
        assertThat(rows).extracting(row -> row.get("measure"))
                .containsExactly("latency", "latency", "throughput", "start");
        Map<String, Object> trip = Json.object(Json.object(rows.getFirst(), "nanos"), "round-trip");
        assertThat(trip).containsEntry("count", 80L);
        assertThat(List.of((long) trip.get("min"), (long) trip.get("p50"), (long) trip.get("p90"),
                (long) trip.get("p99"), (long) trip.get("p99.9"), (long) trip.get("max"))).isSorted();
        assertThat(Json.objects(trip, "histogram").stream().mapToLong(bar -> (long) bar.get("count")).sum())
                .isEqualTo(80);
    }

    @Test
    void svg_hasARowForEachFigureAndNamesHostAndDate() throws Exception {
        Picture picture = new Picture(Interject.type(ONE_PATH + " --measure latency --output svg").out());

        picture.assertLegible();
        assertThat(picture.words("label")).hasSize(6).allMatch(name -> name.startsWith("kernel msi apic, "));
        assertThat(picture.words("dim").getFirst()).contains(Files.readString(Path.of("/proc/sys/kernel/hostname"))
                .strip(), LocalDate.now().toString());
        assertThat(picture.words("dim")).contains("median", "99th percentile").noneMatch(text -> text.contains(" C"));
    }

    @Test
    void manyVms_haveARowForEachPowerOfTwo() {
        ChildProcess.Result text = Interject.type("bench --vms 4 --rounds 1");
        Map<String, Object> json = Json.parseObject(Interject.type("bench --vms 4 --rounds 1 --output json").out());

        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out().lines().filter(line -> line.matches(" +[124] .*"))).hasSize(3);
        assertThat(text.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(json).containsEntry("outcome", "taken");
        assertThat(Json.objects(json, "rows")).extracting(row -> row.get("vms")).containsExactly(1L, 2L, 4L);
    }

    @Test
    void run_loadsNoClassOfBench() {
        List<String> command = new ArrayList<>(Interject.command("run", "--count", "1"));
        command.add(1, "-Xlog:class+load");

        assertThat(ChildProcess.run(command).out()).contains("dev.interject.experiment.run.RunExperiment")
                .doesNotContain("dev.interject.experiment.bench", "HdrHistogram");
    }
}
