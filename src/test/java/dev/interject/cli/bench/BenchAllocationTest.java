package dev.interject.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hot path allocates at most 64 bytes a system call under C1, which is all that the child runs with. */
@RequiresKvm
class BenchAllocationTest {

    private static final double BYTES_PER_CALL = 64;
    /** A line is raised and lowered. */
    private static final double CALLS_OF_A_PULSE = 2;
    /** The vCPU thread runs, is kicked, consumes the signal, injects, and runs again. */
    private static final double MOST_CALLS_PER_INTERRUPT = 8;

    private static void assertAtMost(double calls, Object bytes) {
        assertThat(Double.parseDouble((String) bytes)).isLessThanOrEqualTo(calls * BYTES_PER_CALL);
    }

    @ParameterizedTest
    @CsvSource({"kernel, 18", "split, 18", "userspace, 6"})
    void injection_allocatesAtMost64BytesACallOnAnyPath(String irqchip, int rows) {
        ChildProcess.Result result = Interject.type(
                "bench --measure latency --count 20 --rounds 2 --output json --irqchip " + irqchip);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Json.objects(Json.parseObject(result.out()), "rows")).hasSize(rows)
                .allSatisfy(row -> {
                    assertAtMost(CALLS_OF_A_PULSE, row.get("bytesByInjectingThread"));
                    assertAtMost(MOST_CALLS_PER_INTERRUPT, row.get("bytesByVcpuThread"));
                });
    }
}
