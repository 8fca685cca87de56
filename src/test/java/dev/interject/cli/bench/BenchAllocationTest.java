package dev.interject.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hot path allocates nothing where there is no compiler that could help it: the child runs with C1 alone. */
@RequiresKvm
class BenchAllocationTest {

    @ParameterizedTest
    @CsvSource({"kernel, 18", "split, 18", "userspace, 6"})
    void injection_allocatesNothingOnAnyPath(String irqchip, int rows) {
        ChildProcess.Result result = Interject.type(
                "bench --measure latency --count 20 --rounds 2 --output json --irqchip " + irqchip);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Json.objects(Json.parseObject(result.out()), "rows")).hasSize(rows)
                .allSatisfy(row -> assertThat(row).containsEntry("bytesByInjectingThread", "0.0")
                        .containsEntry("bytesByVcpuThread", "0.0"));
    }
}
