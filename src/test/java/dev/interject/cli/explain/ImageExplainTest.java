package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

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

/** {@code explain --image}, on the real KVM, with images that know nothing of Interject. */
@RequiresKvm
class ImageExplainTest {

    /** @param image the name of an image, then the options */
    private static ChildProcess.Result explain(String image) {
        String[] words = image.split(" ", 2);
        return Interject.typeHere("explain --image %s %s%s".formatted(Images.file(words[0]), words[1],
                words[1].contains("--timeout") ? "" : " --timeout 5m"));
    }

    @ParameterizedTest
    @EnumSource
    void lineWithAHandler_isWaitedForUntilItCanBeTaken(Irqchip irqchip) {
        ChildProcess.Result result = explain("interrupts --irq 4 --irqchip " + irqchip);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("image interrupts.img, irqchip " + irqchip,
                "line 4, vector 0x24, handler at serial", "The interrupt would be taken at vector 0x24");
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void missingEoi_isTheGateThatHoldsTheNextInterrupt(Irqchip irqchip) {
        ChildProcess.Result result = explain("lacks-eoi --irq 0 --at asleep --irqchip " + irqchip);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("handler at handler", "(asleep), IF=1",
                "> holds    master 8259, ISR            ISR 0x01");
        assertThat(result.err()).startsWith("interject: the interrupt would wait at master 8259, ISR (ISR 0x01)");
    }

    @ParameterizedTest
    @EnumSource
    void text_freezesTheGuestBehindTheCharacter(Irqchip irqchip) {
        ChildProcess.Result result = explain("lacks-eoi --irq 0 --when . --irqchip " + irqchip);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("(handler+0x4), IF=0", "ISR 0x01");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "flat-long --mode long --irq 4 --at 0x100000 | the guest is at RIP 0x100000, IF=0",
        "flat-real --irq 4 --at 0x7c00 | the guest is at RIP 0x7c00, IF=0",
        "lacks-eoi --irq 0 --at _start | the guest is at RIP 0x100000 (_start), IF=0",
        "spin --irq 4 --after 100ms | (here), IF=0",
        "multiboot --irq 4 --at _start | (_start), IF=0",
    })
    void moment_isReached(String arguments, String shown) {
        ChildProcess.Result result = explain(arguments);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.out()).contains(shown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "elf64 --irq 4 | 1 | the guest ended before the interrupt could be taken: the guest wrote 0x10 to",
        "elf64 --irq 4 --when nothing | 1 | the guest ended before its console showed 'nothing'",
        "elf64 --irq 4 --at hello | 1 | the guest ended before it reached hello",
        "elf64 --irq 4 --after 60s | 1 | the guest ended before it had run for 60 s",
        "reset --append p --irq 4 | 4 | the guest reset its machine by port 0xcf9",
        "reset --append t --irq 4 | 4 | a triple fault",
        "spin --irq 4 --timeout 100ms | 5 | before the interrupt could be taken: it would wait at master 8259, IMR",
        "spin --irq 4 --when x --timeout 100ms | 5 | before its console showed 'x'",
        "spin --irq 4 --at 0x40000000 --timeout 100ms | 5 | before it reached 0x40000000, which is not in its memory",
        "spin --irq 4 --at her | 2 | image spin.img has no symbol 'her'; did you mean 'here'?",
        "flat-long --mode long --irq 4 --at main | 2 | image flat-long.img has no symbol 'main': it has no symbols",
        "spin --irq 4 --irqchip userspace --set lapic.tpr=1 | 2 | setting lapic.tpr=1 needs irqchip kernel or split",
        "spin --path pit --irqchip split | 2 | the PIT is in the kernel only if the PIC is",
        "spin --irq 4 --vcpus 2 --to 2 | 2 | --to must be 0 to 1, not 2",
        "spin --irq 4 --memory 1M | 2 | beyond the guest's memory of 1 MiB",
    })
    void momentThatDoesNotCome_isOneLineWithItsExitCode(String arguments, int exitCode, String reason) {
        ChildProcess.Result result = explain(arguments);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(result.errLines().getFirst()).startsWith("interject: ").contains(reason);
        assertThat(result.errLines()).noneMatch(line -> line.contains("Exception"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--memory 4M | --memory is for an image: give --image FILE",
        "--when-open | --when-open is for an image: give --image FILE",
        "--no-acpi | --no-acpi is for an image: give --image FILE",
        "--image pom.xml --irq 4 --guest pic | --image and --guest exclude each other",
        "--image pom.xml --fault no-idt | --fault has its own guest and interrupt: it excludes --image",
        "--image pom.xml --irq 4 --at-instruction 3 | --image excludes --at-instruction",
        "--image pom.xml --irq 4 --when x --after 1s | --at, --after, --when and --when-open exclude each other",
        "--image pom.xml --irq 4 --after 3 | --after: '3' has no unit",
        "--image pom.xml --irq 4 --after 0 | --after must be above 0",
        "--image pom.xml --irq 4 --at 0xffff000000000000 | --at must be a canonical address",
        "--image pom.xml --irq 4 --at 1x | --at takes a symbol or an address such as 0x100000, not '1x'",
        "--image pom.xml --irq 4,5 | --irq takes one line here, not 2",
        "--image pom.xml | --irq must be given, or a vector",
        "--image pom.xml --path msi --irq 4 | path msi does not take a line",
        "--after 1s | '1s' is not a number",
    })
    void optionsThatDoNotGoTogether_areUsageErrors(String options, String what) {
        ChildProcess.Result result = Interject.typeHere("explain " + options);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("interject: ").contains(what, "see: interject explain --help");
    }

    @Test
    void json_namesTheImageAndHasTheState() {
        ChildProcess.Result result =
                explain("interrupts --vcpus 2 --irq 4 --when ticks --set cpu.if=1 --dump --output json");
        Map<String, Object> report = Json.parseObject(result.out());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(report).containsEntry("outcome", "taken")
                .containsEntry("image", "interrupts.img")
                .containsEntry("guest", null)
                .containsEntry("path", "line")
                .containsEntry("handler", "serial")
                .containsKey("state");
    }

    @Test
    void splitIrqchip_leadsALineThroughTheControllerThatTheImageUses() {
        ChildProcess.Result result = explain("lacks-eoi --irqchip split --irq 0 --path line --at asleep");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("path line", "> drops    IOAPIC, pin 0");
    }
}
