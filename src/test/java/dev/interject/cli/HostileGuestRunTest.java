package dev.interject.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.interject.RequiresKvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run of a guest from {@code src/test/guest}, in place of {@code pic}: each ends with a correct outcome.
 */
@RequiresKvm
class HostileGuestRunTest {

    @TempDir
    private Path overlay;

    private ChildProcess.Result run(String guest, String irqchip) throws IOException {
        Path images = Files.createDirectories(overlay.resolve("dev/interject/guest"));
        try (InputStream elf =
                HostileGuestRunTest.class.getResourceAsStream("/dev/interject/guest/" + guest + ".elf")) {
            Files.copy(elf, images.resolve("pic.elf"));
        }
        ChildProcess.Result result = ChildProcess.run(
                Interject.commandWith(overlay, "run", "--irqchip", irqchip, "--timeout", "1500ms", "--output", "json"));
        assertThat(result.errLines()).hasSizeLessThanOrEqualTo(2)
                .allSatisfy(line -> assertThat(line).matches("(interject:|  fix:) .+"));
        return result;
    }

    private static String outcome(ChildProcess.Result result) {
        return (String) Json.parseObject(result.out()).get("outcome");
    }

    private static Map<String, Object> ledger(ChildProcess.Result result) {
        return Json.object(Json.parseObject(result.out()), "ledger");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "userspace"})
    void guestThatIsNeverReady_timesOutWithItsPosition(String irqchip) throws IOException {
        ChildProcess.Result result = run("mute", irqchip);

        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.err()).contains("did not report in time that it is ready", "RIP 0x", "sleep", "IF=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "userspace"})
    void guestThatReportsReadyRepeatedly_isTreatedAsUsual(String irqchip) throws IOException {
        ChildProcess.Result result = run("twice-ready", irqchip);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(ledger(result)).containsEntry("taken", 5L).containsEntry("lost", 0L);
    }

    @Test
    void guestThatReportsInterruptsItNeverTook_isNotBelieved() throws IOException {
        ChildProcess.Result result = run("liar", "kernel");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(ledger(result)).containsEntry("taken", 0L);
        assertThat(result.err()).contains("IF = 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "userspace"})
    void guestThatCountsTwice_isNotAllTaken(String irqchip) throws IOException {
        ChildProcess.Result result = run("double-count", irqchip);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(outcome(result)).isEqualTo("not-taken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "userspace"})
    void guestThatReportsTheWrongVector_timesOutWithItsCounts(String irqchip) throws IOException {
        ChildProcess.Result result = run("wrong-doorbell", irqchip);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(ledger(result)).containsEntry("taken", 1L).containsEntry("lost", 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "userspace"})
    void guestThatSendsNoEoi_holdsTheSecondInterruptAtTheIsr(String irqchip) throws IOException {
        ChildProcess.Result result = run("drops-eoi", irqchip);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(5);
        assertThat(ledger(result)).containsEntry("taken", 1L).containsEntry("held", 1L).containsEntry("lost", 0L);
        assertThat(result.err()).contains("slave 8259, ISR", "no EOI yet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel", "userspace"})
    void guestThatJumpsToUnmappedMemory_isCrashedNotRefused(String irqchip) throws IOException {
        ChildProcess.Result result = run("runaway", irqchip);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(4);
        assertThat(result.err()).contains("the guest crashed", "KVM_EXIT_", "RIP 0x200000");
    }

    /** How far these run depends on the CPU; that the program ends them does not. */
    @ParameterizedTest
    @CsvSource({"self-destruct, kernel", "self-destruct, userspace", "babbler, kernel", "babbler, userspace"})
    void guestThatDestroysItsMemory_endsWithAnOutcome(String guest, String irqchip) throws IOException {
        ChildProcess.Result result = run(guest, irqchip);

        assertThat(result.exitCode()).as(result.err()).isIn(2, 4, 5);
        assertThat(outcome(result)).isIn("refused", "guest-crashed", "timed-out");
    }
}
