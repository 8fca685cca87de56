package dev.interject.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Json;
import dev.interject.container.InterjectContainer.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in a container. */
@RequiresDocker
@RequiresKvm
class RunInContainerIT {

    private static void assertThatAllWereTaken(Result result, long count) {
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        Map<String, Object> run = Json.parseObject(result.out());
        assertThat(run).containsEntry("outcome", "taken");
        assertThat(Json.object(run, "ledger")).containsEntry("requested", count)
                .containsEntry("taken", count)
                .containsEntry("lost", 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "split", "userspace"})
    void asRoot_takesAll(String irqchip, Image image) {
        assertThatAllWereTaken(
                InterjectContainer.withKvm(image, "run --count 100 --output json --irqchip " + irqchip).run(), 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "userspace"})
    void asAnotherUserInTheGroupOfTheDevice_takesAll(String irqchip, Image image, @TempDir Path directory)
            throws IOException {
        DeviceNode node = DeviceNode.in(directory);

        assertThatAllWereTaken(new InterjectContainer(image, "run --count 100 --output json --irqchip " + irqchip)
                .withDevice(node.path(), "rw")
                .asUser(1000)
                .withGroup(node.group())
                .run(), 100);
    }

    /** Latencies and exit counts differ from run to run; nothing else does. */
    @ParameterizedTest
    @ValueSource(
            strings = {"run", "run --irqchip userspace", "run --guest deaf", "run --path vector", "lines"})
    void container_hasTheSameOutputAsTheHost(String line, Image image) {
        Result inContainer = InterjectContainer.withKvm(image, line).run();
        ChildProcess.Result onHost = onHost(line);

        assertThat(withoutMeasurements(inContainer.out())).isEqualTo(withoutMeasurements(onHost.out()));
        assertThat(withoutMeasurements(inContainer.err())).isEqualTo(withoutMeasurements(onHost.err()));
        assertThat(inContainer.exitCode()).isEqualTo(onHost.exitCode());
    }

    private static ChildProcess.Result onHost(String line) {
        return ChildProcess.run(List.of("sh", "-c", "exec \"$0\" --enable-native-access=ALL-UNNAMED -jar $1 $2",
                System.getProperty("java.home") + "/bin/java", "target/interject.jar", line));
    }

    private static String withoutMeasurements(String text) {
        return text.replaceAll("\\b[0-9.,]+ us", "_ us")
                .replaceAll("(?s)(KVM counters\n).*?\n\n", "$1")
                .strip();
    }

    @Test
    void compare_takesEveryPathThatThisHostSupports(Image image) {
        Result result = InterjectContainer.withKvm(image, "compare --count 20 --output json").run();

        assertThat(result.exitCode()).as(result.err()).isZero();
        Map<String, Object> comparison = Json.parseObject(result.out());
        assertThat(comparison).containsEntry("outcome", "taken");
        assertThat(Json.objects(comparison, "rows")).hasSizeGreaterThan(20)
                .filteredOn("supported", true)
                .hasSizeGreaterThan(10)
                .allSatisfy(row -> assertThat(row).containsEntry("outcome", "taken"));
    }

    @Test
    void doctor_findsNoProblemAndReportsTheContainer(Image image) {
        Result result = InterjectContainer.withKvm(image, "doctor").run();

        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.out()).contains("found /.dockerenv", "This host can run Interject");
    }

    @Test
    void twoContainersAtOnce_doNotDisturbEachOther(Image image) throws InterruptedException {
        String line = "run --count 2000 --output json";
        try (InterjectContainer one = InterjectContainer.withKvm(image, line + " --interval 1ms");
                InterjectContainer other = InterjectContainer.withKvm(image, line)) {
            one.start();
            one.awaitVcpu();
            other.start();

            Result first = one.result();
            Result second = other.result();

            assertThatAllWereTaken(first, 2000);
            assertThatAllWereTaken(second, 2000);
            assertThat(first.finishedAt()).as("they overlapped").isAfter(second.startedAt());
        }
    }
}
