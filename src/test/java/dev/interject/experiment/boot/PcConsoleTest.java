package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.guest.image.GuestImage;
import dev.interject.guest.image.Images;
import org.junit.jupiter.api.Test;

/** The console of a PC with a real guest: {@code console} answers each key. */
@RequiresKvm
class PcConsoleTest {

    private static BootedPc start(String image) {
        return BootedPc.builder(GuestImage.of(Images.file(image))).memory(8 << 20).start();
    }

    @Test
    void textThatDoesNotCome_isATimeoutAndStaysToBeRead() throws Exception {
        try (BootedPc pc = start("console")) {
            Hang.orUntil(() -> available(pc) == 3);

            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> pc.console().await("login:", Duration.ofMillis(1)))
                    .withMessage("the console did not show 'login:' within 1 ms; its last line is '>'");
            assertThat(pc.console().output().readNBytes(3)).asString(StandardCharsets.US_ASCII).isEqualTo("\n> ");
            assertThat(pc.awaitEnd(Duration.ofMillis(1))).isEmpty();
        }
    }

    private static int available(BootedPc pc) {
        try {
            return pc.console().output().available();
        } catch (IOException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void guestThatEndsFirst_endsTheWaitForAText() throws Exception {
        try (BootedPc pc = start("elf64")) {
            assertThatExceptionOfType(GuestEndedException.class)
                    .isThrownBy(() -> pc.console().await("login:", Hang.AFTER))
                    .withMessage("the guest ended before its console showed 'login:':"
                            + " the guest wrote 0x10 to its exit port; its last line is 'elf64'")
                    .returns(new BootEnd.Exited(0x10), GuestEndedException::end);
            assertThat(pc.console().await("elf64", Duration.ZERO)).isEqualTo("elf64"); // was shown before the end
            assertThat(pc.console().output().readAllBytes()).containsExactly('\n');
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> pc.console().type("x"))
                    .withMessage("the guest has ended: the guest wrote 0x10 to its exit port");
        }
    }

    @Test
    void waitsOfSeveralThreads_endWithTheGuest() throws Exception {
        try (BootedPc pc = start("console")) {
            List<CompletableFuture<BootEnd>> waits = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waits.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        return pc.awaitEnd(Hang.AFTER).orElseThrow();
                    } catch (InterruptedException unexpected) {
                        throw new AssertionError(unexpected);
                    }
                }, task -> Thread.ofPlatform().start(task)));
            }
            pc.console().await("> ", Hang.AFTER);
            pc.console().type("\u0004");

            assertThat(waits).allSatisfy(wait -> assertThat(wait.join()).isEqualTo(new BootEnd.Exited(0x10)));
        }
    }

    @Test
    void interruptedWait_throws() throws Exception {
        try (BootedPc pc = start("spin")) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> pc.awaitEnd(Hang.AFTER));
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> pc.console().await("x", Hang.AFTER));
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> pc.console().output().read());
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** The guest floods; nothing of it is lost up to the capacity, and typing does not wait for a reader. */
    @Test
    void floodThatIsNotRead_stopsTheGuestAndNothingElse() throws Exception {
        try (BootedPc pc = start("flood")) {
            Hang.orUntil(() -> available(pc) == ConsoleBuffer.CAPACITY);
            pc.console().type("x");
            assertThat(pc.end()).isEmpty();
            assertThat(pc.console().output().readNBytes(4 * ConsoleBuffer.CAPACITY)).containsOnly('x');
            assertThat(pc.awaitEnd(Duration.ofMillis(50))).isEmpty();
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> pc.console().await("y", Duration.ofMillis(50)))
                    .withMessageContaining("its last line is '…xxx");
        }
    }

    @Test
    void inputThatTheGuestDoesNotRead_endsWithThePc() throws Exception {
        BootedPc pc = start("spin");
        CompletableFuture<IOException> failure = new CompletableFuture<>();
        Thread typist = Thread.ofPlatform().daemon().start(() -> {
            try {
                pc.console().type("x".repeat(10_000));
            } catch (IOException closed) {
                failure.complete(closed);
            }
        });
        Hang.orUntil(() -> typist.getState() == Thread.State.WAITING);
        pc.close();

        assertThat(failure.get()).hasMessage("the PC is closed");
    }
}
