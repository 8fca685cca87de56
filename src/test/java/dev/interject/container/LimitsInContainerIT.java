package dev.interject.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.cli.Json;
import dev.interject.container.InterjectContainer.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With little memory or CPU, a run is only slower. */
@RequiresDocker
@RequiresKvm
class LimitsInContainerIT {

    private static final long MEBIBYTE = 1 << 20;
    private static final long CPU = 1_000_000_000;

    private static void assertThatAllWereTaken(Result result) {
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Json.parseObject(result.out())).containsEntry("outcome", "taken");
    }

    @ParameterizedTest
    @CsvSource({"128, kernel", "128, userspace"})
    void littleMemory_isEnough(long mebibytes, String irqchip, Image image) {
        assertThatAllWereTaken(
                InterjectContainer.withKvm(image, "run --count 10000 --output json --irqchip " + irqchip)
                        .with(host -> host.withMemory(mebibytes * MEBIBYTE).withMemorySwap(mebibytes * MEBIBYTE))
                        .run());
    }

    @ParameterizedTest
    @CsvSource({"0.5, kernel", "0.5, userspace", "0.1, kernel"})
    void littleCpu_isEnough(double cpus, String irqchip, Image image) {
        assertThatAllWereTaken(
                InterjectContainer.withKvm(image, "run --count 200 --output json --irqchip " + irqchip)
                        .with(host -> host.withNanoCPUs((long) (cpus * CPU)))
                        .run());
    }
}
