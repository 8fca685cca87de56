package dev.interject.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines with a wrong pace, vCPU, line or message. */
class PaceUsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --burst 0                             | --burst must be 1 to 5, not 0
            run --burst 6                             | --burst must be 1 to 5, not 6
            run --burst many                          | 'many' is not a number
            run --rate 0                              | --rate must be 1 to 10000000, not 0
            run --rate -5                             | --rate must be 1 to
            run --rate 10000001                       | --rate must be 1 to
            run --threads 0                           | --threads must be 1 to 64, not 0
            run --threads 65 --burst 65 --count 65    | --threads must be 1 to 64, not 65
            run --threads 2                           | --burst must be 2 or more
            run --threads 3 --burst 2                 | --burst must be 3 or more
            run --hold 0                              | --hold must be 1 to 5, not 0
            run --hold 6 --trigger level              | --hold must be 1 to 5, not 6
            run --interval 5ms --burst 2              | an interval excludes both a burst and a rate
            run --interval 5ms --rate 100             | an interval excludes both a burst and a rate
            """)
    void wrongPace_isReportedInAtMostTwoLines(String line, String said) {
        assertIsWrongUsage(line, said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --vcpus 0                             | --vcpus must be 1 to 32, not 0
            run --vcpus -1                            | --vcpus must be 1 to 32, not -1
            run --vcpus two                           | 'two' is not a number
            run --to -1                               | there is no vCPU -1
            run --to all                              | 'all' is not a number
            """)
    void wrongVcpu_isReportedInAtMostTwoLines(String line, String said) {
        assertIsWrongUsage(line, said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run --irq 9,x                             | not '9,x'
            run --irq 9,                              | not '9,'
            run --irq ,9                              | not ',9'
            run --irq 9,-1                            | lines are numbered from 0
            run --irq 9,auto                          | not '9,auto'
            run --path pit --irq 3                    | path pit does not take a line
            run --path msi --irq 3                    | path msi does not take a line
            run --path nmi --irq 3                    | path nmi does not take a line
            run --path ipi --irq 3                    | path ipi does not take a line
            run --path nmi --trigger level            | path nmi does not take a level trigger
            run --path msi --trigger level            | path msi does not take a level trigger
            run --path line --address 0xfee00000      | path line does not take an address; these do: msi,
            run --path pit --vector 0x41              | path pit does not take a vector
            """)
    void wrongLineOrMessage_isReportedInAtMostTwoLines(String line, String said) {
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
