package dev.interject.cli.run;

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

/** {@code run --image}, on the real KVM, with images that know nothing of Interject. */
@RequiresKvm
class ImageRunTest {

    /** @param image the name of an image, then the options */
    private static ChildProcess.Result run(String image) {
        String[] words = image.split(" ", 2);
        return Interject.typeHere("run --image %s %s".formatted(Images.file(words[0]), words[1]));
    }

    @ParameterizedTest
    @EnumSource
    void lineOfASleepingGuest_isTakenAsOftenAsItIsInjected(Irqchip irqchip) {
        ChildProcess.Result result = run("sleeps --irq 4 --irqchip " + irqchip);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("image sleeps.img, irqchip " + irqchip, "line 4", "arrives at vector 0x24",
                "accepted 5 = taken 5 + coalesced 0 + held 0 + lost 0", "taken: seen by a breakpoint at the handler",
                "From injection to the handler", "All 5 interrupts were taken.");
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kernel, --irq 4", "split, --irq 4", "userspace, --irq 4",
        "kernel, --irq 4 --path irqfd", "kernel, --irq 20", "kernel, --irq 20 --path irqfd",
        "split, --irq 20", "split, --irq 20 --path irqfd",
        "kernel, --vector 0x50", "split, --vector 0x50", "userspace, --vector 0x50",
        "split, --path vector --vector 0x60",
        "kernel, --vector 0x50 --path msi-route", "split, --vector 0x50 --path msi-route",
        "kernel, --vector 0x50 --path msi-irqfd", "split, --vector 0x50 --path msi-irqfd",
        "kernel, --path nmi", "split, --path nmi", "userspace, --path nmi",
    })
    void everyPath_isWitnessedByABreakpoint(String irqchip, String interrupt) {
        ChildProcess.Result result =
                run("controllers --count 3 --output json --irqchip %s %s".formatted(irqchip, interrupt));
        Map<String, Object> report = Json.parseObject(result.out());

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(report).containsEntry("outcome", "taken")
                .containsEntry("guest", null)
                .containsEntry("image", "controllers.img");
        assertThat(Json.object(report, "ledger")).containsEntry("requested", 3L)
                .containsEntry("taken", 3L)
                .containsEntry("unknown", 0L)
                .containsEntry("lost", 0L)
                .containsEntry("witness", "breakpoint");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "flat-real --irq 4 --at 0x7c00 | 1 | the guest ended during the run: the guest wrote 0x10 to",
        "spin --irq 4 --timeout 300ms | 5 | before the interrupt could be taken: it would wait at master 8259, IMR",
        "sleeps --irq 5 --at idle --timeout 1s | 5 | during the run: held at master 8259, IMR",
        "dies --irq 4 | 4 | the guest ended during the run: ",
        "reset --append t --irq 4 | 4 | a triple fault",
        "elf64 --irq 4 | 1 | the guest ended before the interrupt could be taken",
        "sleeps --irq 4 --at her | 2 | has no symbol 'her'",
        "sleeps --irq 4 --at _start --count 1 | 1 | it is unknown whether 1 of 1 were taken: its request waits no more",
        "sleeps --path ipi --vector 0x50 | 2 | path ipi is raised by the guest itself",
        "sleeps --path pit | 2 | path pit is raised by the guest itself",
        "sleeps --path lapic-timer | 2 | path lapic-timer is raised by the guest itself",
        "sleeps --vector 0x24 --path msi --irqchip userspace | 2 | needs an interrupt controller in the kernel",
    })
    void runThatDoesNotSucceed_isOneLineWithItsExitCode(String arguments, int exitCode, String reason) {
        ChildProcess.Result result = run(arguments);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(result.errLines().getFirst()).startsWith("interject: ").contains(reason);
        assertThat(result.errLines()).noneMatch(line -> line.contains("Exception"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--at idle | --at is for an image: give --image FILE",
        "--after 1s | --after is for an image: give --image FILE",
        "--when x | --when is for an image: give --image FILE",
        "--witness counters | --witness is for an image: give --image FILE",
        "--memory 4M | --memory is for an image: give --image FILE",
        "--image pom.xml --irq 4 --guest pic | --image and --guest exclude each other",
        "--image pom.xml --irq 4 --wait | --wait is for built-in guests: with an image, --when-open waits",
        "--image pom.xml --irq 4 --burst 2 | an image gets its interrupts one after the other",
        "--image pom.xml --irq 4 --rate 10 | an image gets its interrupts one after the other",
        "--image pom.xml --irq 4 --witness guest | there is no witness 'guest'",
        "--image pom.xml | --irq must be given, or a vector",
    })
    void optionsThatDoNotGoTogether_areUsageErrors(String options, String what) {
        ChildProcess.Result result = Interject.typeHere("run " + options);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(what, "see: interject run --help");
    }

    @Test
    void guestThatStopsInItsHandler_hasTakenTheOnlyInterrupt() {
        ChildProcess.Result result = run("stops --irq 4 --count 1");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("The interrupt was taken.");
    }

    @Test
    void guestThatStopsInItsHandler_takesNoSecondOne() {
        ChildProcess.Result result = run("stops --irq 4 --count 2");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("requested 1 = refused 0 + accepted 1", "taken 1");
        assertThat(result.err()).contains("the guest ended during the run: the guest wrote 0x0 to its exit port");
    }

    @Test
    void forcedInterrupts_areTakenInsideEachOther() {
        ChildProcess.Result result =
                run("sleeps --irqchip userspace --vector 0x24 --at idle --force --count 2");

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).contains("not now  vCPU, RFLAGS.IF", "All 2 interrupts were taken.");
    }

    @Test
    void forcedInterruptThatBreaksTheGuest_isUnknownAfterTheCrash() {
        ChildProcess.Result result = run("sleeps --irq 4 --force --set idt[0x24].present=0");

        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.out()).contains("accepted 1 = taken 0 + coalesced 0 + held 0 + unknown 1 + lost 0");
    }

    @Test
    void lineOfThe8259s_isWitnessedAtVcpu0() {
        ChildProcess.Result result = run("sleeps --irq 4 --vcpus 2 --to 1 --count 2");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("2 vCPUs, target vCPU 0", "All 2 interrupts were taken.");
    }

    @Test
    void junit_hasACaseForEachInterrupt() {
        ChildProcess.Result result = run("sleeps --irq 4 --count 2 --output junit");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("interject.sleeps.img.kernel.line", "interrupt 1", "interrupt 2", "ledger");
    }

    @Test
    void json_namesTheWitnessOfEachInterrupt() {
        Map<String, Object> report = Json.parseObject(run("sleeps --irq 4 --count 2 --output json").out());

        assertThat((List<?>) report.get("interrupts")).allSatisfy(
                one -> assertThat(one).asString().contains("taken=true", "witness=breakpoint", "latencyNanos="));
    }
}
