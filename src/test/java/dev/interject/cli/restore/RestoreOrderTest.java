package dev.interject.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders from the command line and from files, and wrong options. Most need no KVM. */
class RestoreOrderTest {

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("order"), content);
    }

    private static void assertRefused(ChildProcess.Result result, String said) {
        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines()).hasSize(2).last().isEqualTo("  see: interject restore --help");
        assertThat(result.errLines().getFirst()).startsWith("interject: " + said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --situation line-edg                    | there is no situation 'line-edg'; did you mean 'line-edge'?
            --situation line-edge,xyz               | there is no situation 'xyz'; list them with: interject restore
            --without reg                           | there is no piece 'reg'; did you mean 'regs'?
            --without xyzxyz                        | there is no piece 'xyzxyz'; list them with: interject restore
            --order reg                             | --order: there is no piece and no file 'reg'; did you mean 'regs'?
            --order regs,lapci                      | --order: there is no piece 'lapci'; did you mean 'lapic'?
            --order lapic,regs,lapic                | --order: 'lapic' is there twice
            --order ,                               | --order names no piece
            --order=                                | --order must name a piece or a file
            --order /                               | --order /: is a directory
            --order /dev/zero                       | --order /dev/zero: is not a regular file
            --order regs --without lapic            | --without lapic: --order does not restore it anyway
            --irqchip userspace --without lapic     | --without lapic: none of these machines has it
            --situation line-edge --irqchip split --without pit | --without pit: none of these machines has it
            --order regs --without regs             | --without leaves no piece to restore
            --irqchip nowhere                       | there is no irqchip 'nowhere'; there are kernel, split
            --situation pit-ticks --irqchip split   | situation pit-ticks has no irqchip split, only kernel
            --situation message --irqchip userspace | situation message has no irqchip userspace, only kernel and
            --count 0                               | --count must be 1 to 100000, not 0
            --count 1 --all                         | --all and --count exclude each other
            --timeout 0                             | --timeout must be above 0
            --list --count x                        | Invalid value for option '--count': 'x' is not a number
            """)
    void wrongOption_isSaidInOneLine(String options, String said) {
        assertRefused(Interject.typeHere("restore " + options), said);
    }

    @Test
    void fileThatDoesNotExist_isNamed() {
        assertRefused(Interject.runHere("restore", "--order", "/nowhere/order"),
                "--order: there is no piece and no file"
                        + " '/nowhere/order'; list the pieces with: interject restore --list");
    }

    @Test
    void fileWithAnUnknownPiece_isNamedWithItsLine() throws IOException {
        Path file = file("memory # first\n\nregs, lapci\n");

        assertRefused(Interject.runHere("restore", "--order", file.toString()),
                file + ", line 3: there is no piece 'lapci'; did you mean 'lapic'?");
    }

    @Test
    void fileWithAPieceTwice_isNamedWithItsLine() throws IOException {
        Path file = file("memory regs\nmemory\n");

        assertRefused(Interject.runHere("restore", "--order", file.toString()),
                file + ", line 2: 'memory' is there twice");
    }

    @Test
    void fileWithCommentsOnly_namesNoPiece() throws IOException {
        Path file = file("# memory\n\n");

        assertRefused(Interject.runHere("restore", "--order", file.toString()), file + " names no piece");
    }

    @Test
    void listAsJunit_isRefused() {
        ChildProcess.Result result = Interject.typeHere("restore --list --output junit");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errLines()).startsWith("interject: --list has no JUnit XML: --output text or json");
    }

    @Test
    @RequiresKvm
    void orderFromAFile_isShownWithWhatItLeavesOut() throws IOException {
        Path file = file("""
                # the deadline before the LAPIC whose timer mode it needs
                memory cpuid, tsc-khz, sregs,REGS
                xsave, xcrs msrs tsc tsc-adjust kvmclock\tclock
                tsc-deadline, lapic events mp-state # not: routes
                """);

        ChildProcess.Result result = Interject.runHere("restore", "--situation", "deadline-far", "--irqchip", "kernel",
                "--order", file.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("""
                  order: memory, cpuid, tsc-khz, sregs, regs, xsave, xcrs, msrs, tsc,
                  tsc-adjust, kvmclock, clock, tsc-deadline, lapic, events, mp-state
                  not restored: debugregs, routes, pic-slave, pic-master, ioapic, lines, irqfds
                """, "deadline-far          kernel    take_ticks+0x25   0 of 1        -  lost\n");
    }

    @Test
    void list_hasSituationsAndPieces() {
        ChildProcess.Result result = Interject.typeHere("restore --list --output json");

        assertThat(result.exitCode()).isZero();
        assertThat(Json.objects(Json.parseObject(result.out()), "situations")).hasSizeGreaterThan(30)
                .allSatisfy(situation -> assertThat(situation).containsOnlyKeys("name", "what", "guest", "irqchips"))
                .anySatisfy(situation -> assertThat(situation).containsEntry("name", "pit-ticks")
                        .containsEntry("guest", "pit")
                        .containsEntry("irqchips", List.of("kernel")));
        assertThat(Json.objects(Json.parseObject(result.out()), "pieces")).hasSizeGreaterThan(20)
                .allSatisfy(piece -> assertThat(piece).containsOnlyKeys("name", "what", "call", "ofVcpu"))
                .first()
                .satisfies(piece -> assertThat(piece).containsEntry("name", "memory").containsEntry("ofVcpu", false));
    }
}
