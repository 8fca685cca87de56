package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong command lines, and those that only print help or lists. None needs KVM. */
class UsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                  | no command given; there are run, doctor
            nope                                | nope
            run guests                          | guests
            run --nope                          | --nope
            --nope                              | --nope
            run --count 0                       | --count must be 1 to 10000000, not
            run --count -1                      | --count must be 1 to 10000000, not
            run --count 10000001                | --count must be 1 to 10000000, not
            run --count many                    | 'many' is not a number
            run --count 99999999999             | '99999999999' is not within -2147483648 to 2147483647
            run --vector 0x100000000            | '0x100000000' is not within -2147483648 to 2147483647
            run --icr 0x10000000000000000       | '0x10000000000000000' is not within 0 to 0xffffffffffffffff
            run --icr -1                        | '-1' is not within 0 to 0xffffffffffffffff
            run --timeout 9999999999s           | more than a day
            run --count                         | --count
            run --timeout 0                     | --timeout must be above 0
            run --timeout 0ms                   | --timeout must be above 0
            run --timeout -1s                   | '-1s' is not a time
            run --timeout soon                  | 'soon' is not a time
            run --timeout 2h                    | '2h' is not a time
            run --timeout 25000m                | more than a day
            run --timeout 307445735m            | more than a day
            run --timeout 153722868m            | more than a day
            run --interval 153722868m           | more than a day
            run --interval x                    | 'x' is not a time
            run --interval 5                    | '5' has no unit: 5s, 5ms or 5us
            run --timeout 1.5                   | '1.5' has no unit
            explain --timeout 2                 | '2' has no unit
            compare --timeout 2                 | '2' has no unit
            run --vector 256                    | --vector must be 0 to 255, not
            run --vector -1                     | --vector must be 0 to 255, not
            run --vector 0x100                  | --vector must be 0 to 255, not
            run --vector 0x                     | '0x' is not a number
            run --vector 0x-1                   | '0x-1' is not a number
            run --vector 0x41 --irq 10          | a vector and lines exclude each other
            run --vector 0x41 --path line       | path line does not take a vector
            run --vector 0x41 --trigger level   | only a line has a level
            run --irq -1                        | lines are numbered from 0
            run --irq x                         | not 'x'
            run --irq 9999999999                | not '9999999999'
            run --guest nope                    | there is no guest 'nope'
            run --irqchip hybrid                | there is no irqchip 'hybrid'
            run --path pulse                    | there is no path 'pulse'; there are line, irqfd, msi, msi-route,
            run --path msi-rout                 | there is no path 'msi-rout'; did you mean 'msi-route'?
            run --guest pci                     | there is no guest 'pci'; did you mean 'pic'?
            run --trigger both                  | there is no trigger 'both'; there are edge, level
            run --output xml                    | there is no output 'xml'; there are text, json, junit
            bench --measure latency,kik         | there is no measure 'kik'; did you mean 'kick'?
            bench --vcpu x                      | there is no vcpu 'x'; there are halted, busy
            explain --fault slave-maskd         | there is no fault 'slave-maskd'; did you mean 'slave-masked'?
            explain --fault xyz                 | there is no fault 'xyz'; list them with: interject guests --faults
            rn                                  | unknown command 'rn'; did you mean 'run'?
            compaer --count 5                   | unknown command 'compaer'; did you mean 'compare'?
            help rnu                            | unknown command 'rnu'; did you mean 'run'?
            run --gest pic                      | unknown option '--gest'; did you mean '--guest'?
            run --gest=pic                      | unknown option '--gest'; did you mean '--guest'?
            --hlep                              | unknown option '--hlep'; did you mean '--help'?
            run @/etc/hostname                  | unexpected argument '@/etc/hostname'
            run --force --force                 | --force
            run extra                           | extra
            guests --output junit               | junit
            trace --output junit                | junit
            trace --events 0                    | --events must be 1 to 2000000, not 0
            trace --events 2000001              | --events must be 1 to 2000000, not 2000001
            trace --events many                 | 'many' is not a number
            trace --file /                      | --file /: is a directory
            trace --file /nowhere/trace.json    | --file /nowhere/trace.json: no such directory
            trace --timeout 0                   | --timeout must be above 0
            explain --after -1                  | --after must be 0 to 1000000, not -1
            explain --after 20000000            | --after must be 0 to 1000000, not 20000000
            explain --at-instruction -1         | --at-instruction must be 0 to 1000000, not -1
            explain --fault no-idt --timeout 0  | --timeout must be above 0
            sweep --count 1001                  | --count must be 1 to 1000, not 1001
            compare --timeout 0                 | --timeout must be above 0
            trace --burst 6                     | --burst must be 1 to 5, not 6
            """)
    void wrongUsage_isReportedInAtMostTwoLines(String line, String said) {
        ChildProcess.Result result = Interject.typeHere(line);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines()).hasSizeBetween(1, 2);
        assertThat(result.errLines().getFirst()).startsWith("interject: ").contains(said).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "run --help", "guests --help", "trace --help", "--version", "run --version", "guests",
                "guests --output json", "help", "help run", "bench --help"})
    void helpOrList_isPrintedToStandardOutputOnly(String line) {
        ChildProcess.Result result = Interject.typeHere(line);

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isNotBlank().doesNotContain("\033");
        assertThat(result.err()).isEmpty();
    }

    /** The JVM decodes arguments in the encoding of the locale, and gives U+FFFD for what is no text there. */
    @ParameterizedTest
    @ValueSource(
            strings = {"trace --file", "bench --file", "bench --baseline", "boot", "boot x --serial", "boot x --initrd",
                "run --vector 0x41 --image", "explain --state", "suite", "suite x --logs", "restore --save",
                "restore --load"})
    void nameThatTheLocaleCannotEncode_isSaidWithoutAnExceptionsName(String options) {
        List<String> command = new ArrayList<>(List.of("env", "LC_ALL=C"));
        command.addAll(Interject.command(Interject.words(options + " \u00fcn\u00ef.txt")));

        ChildProcess.Result result = ChildProcess.run(command);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.errLines()).hasSize(2);
        assertThat(result.errLines().getFirst()).contains("is no name of a file in the locale's encoding, ")
                .endsWith("; set LC_ALL=C.UTF-8")
                .doesNotContain("Exception", "java.");
    }
}
