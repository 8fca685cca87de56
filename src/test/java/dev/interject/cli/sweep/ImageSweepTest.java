package dev.interject.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.guest.image.Images;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code sweep --image}, on the real KVM: the single steps show where an image takes an interrupt. */
@RequiresKvm
class ImageSweepTest {

    /** @param image the name of an image, then the options */
    private static ChildProcess.Result sweep(String image) {
        String[] words = image.split(" ", 2);
        return Interject.typeHere("sweep --image %s %s%s".formatted(Images.file(words[0]), words[1],
                words[1].contains("--timeout") ? "" : " --timeout 5m"));
    }

    @ParameterizedTest
    @EnumSource
    void instructionsOfTheMainLoop_takeTheInterruptAsPredicted(Irqchip irqchip) {
        ChildProcess.Result result = sweep("sleeps --irq 4 --from idle --count 3 --irqchip " + irqchip);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceAll(" +", " ")))
                .anyMatch(line -> line.matches(" #1 idle 0 - \\w+ waits 2 later, at idle\\+0x2"))
                .anyMatch(line -> line.matches(" #2 idle\\+0x1 1 \\S+ \\w+ waits 1 later, at idle\\+0x2"))
                .anyMatch(line -> line.matches(" #3 idle\\+0x2 \\(asleep\\) 1 - \\w+ taken at once"));
    }

    @ParameterizedTest
    @EnumSource
    void handler_isPartOfTheStretchThatBeginsWithAnInterrupt(Irqchip irqchip) {
        ChildProcess.Result result =
                sweep("sleeps --irq 4 --from idle --handler --count 5 --output json --irqchip " + irqchip);
        Map<String, Object> report = Json.parseObject(result.out());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(report).containsEntry("image", "sleeps.img").containsEntry("guest", null);
        assertThat(Json.objects(report, "instructions")).extracting("where")
                .isEqualTo(List.of("idle", "idle+0x1", "idle+0x2", "handler", "handler+0x1"));
    }

    @Test
    void missingEoi_isSeenAsAnInterruptThatIsNeverTaken() {
        ChildProcess.Result result = sweep("lacks-eoi --irq 0 --from handler --count 1");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("handler", "never");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "flat-long --mode long --irq 4 --from 0x100000 --count 1 | 1 | 1 of 1 were not taken as predicted",
        "elf64 --irq 4 --from hello | 1 | the guest ended before it reached hello: the guest wrote 0x10 to",
        "sleeps --irq 4 --from handler --timeout 1s | 5 | the time of 1 s was up before it reached handler",
        "sleeps --irq 4 --from idl | 2 | has no symbol 'idl'; did you mean 'idle'?",
        "sleeps --irq 4 --from idle --irqchip kernel --vcpus 2 --to 1 | 2 | the target of the interrupt is vCPU 1",
        "sleeps --irq 4 | 2 | --image needs --from",
        "sleeps --irq 24 --from idle --irqchip split | 2 | there is no line 24: the IOAPIC has lines 0 to 23",
        "sleeps --irq 16 --from idle --irqchip userspace | 2 | there is no line 16: the 8259s have lines 0 to 15",
        "sleeps --irq 4 --from 0x | 2 | --from takes a symbol or an address such as 0x100000, not '0x'",
        "sleeps --irq 4 --from idle --count 0 | 2 | --count must be 1 to 1000, not 0",
        "sleeps --irq 4 --from idle --guest pic | 2 | --image and --guest exclude each other",
        "sleeps --from idle | 2 | --irq must be given, or a vector",
    })
    void sweepThatCannotBe_isOneLineWithItsExitCode(String arguments, int exitCode, String reason) {
        ChildProcess.Result result = sweep(arguments);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(result.errLines().getFirst()).startsWith("interject: ").contains(reason);
    }

    @Test
    void optionOfAnImage_isRefusedWithoutOne() {
        ChildProcess.Result result = Interject.typeHere("sweep --no-acpi");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("interject: --no-acpi is for an image: give --image FILE");
    }
}
