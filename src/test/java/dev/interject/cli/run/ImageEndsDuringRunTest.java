package dev.interject.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.guest.image.Images;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that end themselves while interrupts are injected, or do what they can to disturb that. */
@RequiresKvm
class ImageEndsDuringRunTest {

    private static ChildProcess.Result type(String command, String image) {
        String[] words = image.split(" ", 2);
        return Interject.typeHere("%s --image %s %s".formatted(command, Images.file(words[0]), words[1]));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run   | reset --append t --irq 4 --at _start | 4 | vCPU 0 crashed: a triple fault
            run   | reset --append k --irq 4 --at _start | 4 | the guest reset its machine by the keyboard controller
            run   | reset --append p --irq 4 --at _start | 4 | the guest reset its machine by port 0xcf9
            run   | reset --append f --irq 4 --at _start | 4 | the guest reset its machine by port 0x92
            run   | elf64 --irq 4 --at _start            | 1 | to its exit port
            trace | reset --append t --irq 4 --at _start | 4 | vCPU 0 crashed: a triple fault
            trace | reset --append k --irq 4 --at _start | 4 | the guest reset its machine by the keyboard controller
            trace | reset --append p --irq 4 --at _start | 4 | the guest reset its machine by port 0xcf9
            trace | reset --append f --irq 4 --at _start | 4 | the guest reset its machine by port 0x92
            trace | elf64 --irq 4 --at _start            | 1 | to its exit port
            """)
    void endOfTheGuestWhileOneWaits_isOneLineAndTheOneIsHeld(String command, String image, int exitCode, String how) {
        ChildProcess.Result result = type(command, image);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(result.errLines()).singleElement()
                .asString()
                .startsWith("interject: the guest ended during the run: ")
                .contains(how, "; the guest is at RIP ");
        assertThat(result.out()).contains("accepted 1 = taken 0 + coalesced 0 + held 1").doesNotContain("lost 1");
    }

    /** By its handler, so that the first one is taken. */
    @ParameterizedTest
    @CsvSource({"run, dies, 4", "run, stops, 1", "trace, dies, 4", "trace, stops, 1"})
    void endOfTheGuestInItsHandler_isOneLineAndTheOneIsTaken(String command, String image, int exitCode) {
        ChildProcess.Result result = type(command, image + " --irq 4 --count 5");

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(result.errLines()).singleElement()
                .asString()
                .startsWith("interject: the guest ended during the run: ");
        assertThat(result.out()).contains("requested 1 =", "accepted 1 = taken 1 + coalesced 0 + held 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "trace"})
    void guestThatFloodsItsConsole_isInjectedInto(String command) {
        ChildProcess.Result result = type(command, "flood --irq 4 --at _start --timeout 3s");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(result.errLines()).singleElement().asString().contains("held at master 8259, IMR");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "run   | --irqchip split --irq 24 --force     | there is no line 24: the IOAPIC has lines 0 to 23",
        "run   | --irqchip split --irq 16 --force --path vector | there is no line 16: the 8259s have lines 0 to 15",
        "run   | --irqchip userspace --irq 16 --force | there is no line 16: the 8259s have lines 0 to 15",
        "trace | --irqchip userspace --irq 16 --force | there is no line 16: the 8259s have lines 0 to 15",
    })
    void lineThatControllersInUserSpaceLack_isRefusedAlsoWithForce(String command, String options, String why) {
        ChildProcess.Result result = type(command, "controllers --at idle " + options);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.errLines()).singleElement().asString().endsWith(why);
    }
}
