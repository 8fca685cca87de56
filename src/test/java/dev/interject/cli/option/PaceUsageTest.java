package dev.interject.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines that are wrong in how the interrupts follow each other, or in whom and what they are for. */
class PaceUsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --burst 0                             | --burst takes 1 to 5, not 0
            run --burst 6                             | --burst takes 1 to 5, not 6
            run --burst many                          | 'many' is not a number
            run --rate 0                              | --rate takes 1 to 10000000 a second, not 0
            run --rate -5                             | --rate takes 1 to
            run --rate 10000001                       | --rate takes 1 to
            run --threads 0                           | --threads takes 1 to 64, not 0
            run --threads 65 --burst 65 --count 65    | --threads takes 1 to 64, not 65
            run --threads 2                           | --burst must be 2 or more
            run --threads 3 --burst 2                 | --burst must be 3 or more
            run --hold 0                              | --hold takes 1 to --count, which is 5, not 0
            run --hold 6 --trigger level              | --hold takes 1 to --count, which is 5, not 6
            run --interval 5ms --burst 2              | --interval goes with neither --burst nor --rate
            run --interval 5ms --rate 100             | --interval goes with neither --burst nor --rate
            """)
    void wrongPace_isSaidInTwoLinesAtMost(String line, String said) {
        assertIsWrongUsage(line, said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --vcpus 0                             | --vcpus takes 1 or more, not 0
            run --vcpus -1                            | --vcpus takes 1 or more, not -1
            run --vcpus two                           | 'two' is not a number
            run --to -1                               | --to takes a vCPU's number, from 0, not -1
            run --to all                              | 'all' is not a number
            """)
    void wrongVcpu_isSaidInTwoLinesAtMost(String line, String said) {
        assertIsWrongUsage(line, said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --irq 9,x                             | not '9,x'
            run --irq 9,                              | not '9,'
            run --irq ,9                              | not ',9'
            run --irq 9,-1                            | not '9,-1'
            run --irq 9,auto                          | not '9,auto'
            run --path pit --irq 3                    | --irq goes with a path that has a line
            run --path msi --irq 3                    | --irq goes with a path that has a line
            run --path nmi --irq 3                    | --irq goes with a path that has a line
            run --path ipi --irq 3                    | --irq goes with a path that has a line
            run --path nmi --trigger level            | --trigger level takes a line
            run --path msi --trigger level            | --trigger level takes a line
            run --path line --address 0xfee00000      | --address goes with --path msi
            run --path pit --vector 0x41              | --path pit takes no --vector
            """)
    void wrongLineOrMessage_isSaidInTwoLinesAtMost(String line, String said) {
        assertIsWrongUsage(line, said);
    }

    private static void assertIsWrongUsage(String line, String said) {
        ChildProcess.Result result = Interject.type(line);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines()).hasSizeBetween(1, 2);
        assertThat(result.errLines().getFirst()).startsWith("interject: ").contains(said).doesNotContain("Exception");
    }
}
