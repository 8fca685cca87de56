package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.interject.Hang;
import dev.interject.RequiresQemu;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.experiment.qemu.Accelerator;
import dev.interject.experiment.qemu.Qemu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code interject explain --qemu} as users see it. */
class QemuCommandTest {

    @Test
    @RequiresQemu
    void situation_isExplainedAsTextAndAsJson() {
        try (Qemu qemu = Qemu.in('a', Accelerator.TCG)) {
            ChildProcess.Result text = Interject.run("explain", "--qemu", qemu.socket("qmp"), "--irq", "11");
            ChildProcess.Result json = Interject.run("explain", "--qemu", qemu.socket("qmp"), "--irq", "11",
                    "--freeze", "--output", "json", "--dump");
            Map<String, Object> report = Json.parseObject(json.out());

            assertThat(text.exitCode()).isEqualTo(1);
            assertThat(text.out()).contains("  > holds    slave 8259, IMR             IMR 0xff")
                    .contains("the VM ran while it was read");
            assertThat(text.err()).startsWith("interject: the interrupt would wait at slave 8259, IMR");
            assertThat(json.exitCode()).isEqualTo(1);
            assertThat(report).containsEntry("qemu", qemu.socket("qmp"))
                    .containsEntry("decidedBy", "slave 8259, IMR")
                    .containsEntry("guest", null);
            assertThat(json.out()).doesNotContain("ran while it was read");
        }
    }

    /** What was read is a state that is explained again, with the same gates. */
    @Test
    @RequiresQemu
    void dump_isAStateThatIsExplainedAgain(@TempDir Path folder) throws IOException {
        try (Qemu qemu = Qemu.in('c', Accelerator.TCG)) {
            String dump = Interject.run("explain", "--qemu", qemu.socket("qmp"), "--irq", "11", "--output", "json",
                    "--dump").out();
            Path file = Files.writeString(folder.resolve("vm.json"), dump);
            String again =
                    Interject.run("explain", "--state", file.toString(), "--irq", "11", "--output", "json").out();

            assertThat(StateSchema.errors(dump)).isEmpty();
            assertThat(Json.parseObject(again).get("gates")).isEqualTo(Json.parseObject(dump).get("gates"));
        }
    }

    /** The example of the page explain-your-vm.md, from symptom to fix. */
    @Test
    @RequiresQemu
    void kernelOfThePage_lacksItsEoi(@TempDir Path folder) throws IOException {
        Path kernel = folder.resolve("multiboot.elf");
        assertThat(ChildProcess.run(List.of("sh", "-c", """
                as --32 -o "$1".o examples/kernel/multiboot.S && ld -m elf_i386 -Ttext=0x100000 -o "$1" "$1".o
                """, "sh", kernel.toString())).exitCode()).isZero();
        String socket = folder.resolve("qmp").toString();
        try (ChildProcess _ = ChildProcess.start(List.of("qemu-system-x86_64", "-kernel", kernel.toString(), "-display",
                "none", "-serial", "file:" + folder.resolve("out"), "-qmp",
                "unix:" + socket + ",server=on,wait=off"))) {
            Path out = folder.resolve("out");
            Hang.orUntil(() -> Files.exists(out) && out.toFile().length() > 0);
            ChildProcess.Result[] result = new ChildProcess.Result[1];
            Hang.orUntil(() -> {
                result[0] = Interject.run("explain", "--qemu", socket, "--irq", "0", "--freeze");
                return result[0].out().contains("merges"); // the second tick is pending
            });

            assertThat(result[0].out()).contains("The pending one is held at master 8259, ISR. To open it: have the"
                    + " handler of\n  level 0 send its EOI (OCW2 0x20).");
            assertThat(out.toFile()).hasContent(".");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --qemu none --irq 11                         | 2 | cannot connect to none
            --qemu none                                  | 2 | cannot connect to none
            --qemu none --state x.json --irq 11          | 2 | --qemu and --state exclude each other
            --qemu none --guest deaf                     | 2 | --qemu has a machine of its own: it excludes --guest
            --qemu none --image x.img --irq 4            | 2 | --qemu has a machine of its own: it excludes --image
            --qemu none --set cpu.if=0                   | 2 | --qemu has a machine of its own: it excludes --set
            --freeze                                     | 2 | --freeze is for a VM under QEMU: give --qemu SOCKET
            --watch                                      | 2 | --watch is for a VM under QEMU: give --qemu SOCKET
            --qemu none --irq 4 --interval 1s            | 2 | --interval is for --watch
            --qemu none --irq 4 --watch --interval 0s    | 2 | --interval must be above 0
            --qemu none --irq 4 --timeout 0s             | 2 | --timeout must be above 0
            """)
    void wrongUse_isOneLine(String options, int exitCode, String message) {
        ChildProcess.Result result = Interject.typeHere("explain " + options);

        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.err()).startsWith("interject: " + message);
        assertThat(result.out()).isEmpty();
    }
}
