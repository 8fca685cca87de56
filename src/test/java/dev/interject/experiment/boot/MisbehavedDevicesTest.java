package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.CompletableFuture;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.device.MmioDevice;
import dev.interject.device.PortDevice;
import dev.interject.machine.pc.DeviceFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices of the caller's that do what they must not, in a PC with a real guest. */
@RequiresKvm
class MisbehavedDevicesTest {

    private static final long MMIO = 0xd000_0000L;
    private static final int PAGE = 0x1000;

    @ParameterizedTest
    @ValueSource(strings = {"d", "m"})
    void deviceThatThrows_endsTheGuestByItsName(String key) throws Exception {
        PortDevice throwing = new PortDevice() {
            @Override
            public int read(int number, int width) {
                throw new ArithmeticException("broken");
            }

            @Override
            public void write(int number, int width, int value) {
                throw new AssertionError();
            }
        };
        MmioDevice failing = new MmioDevice() {
            @Override
            public long read(long offset, int width) {
                return 'y';
            }

            @Override
            public void write(long offset, int width, long value) {
                throw new ArithmeticException("broken");
            }
        };
        try (BootedPc pc =
                Pcs.with("console").portDevice(0x500, 0x500, throwing).mmioDevice(MMIO, PAGE, failing).start()) {
            Pcs.awaitPrompt(pc);
            pc.console().type(key);

            assertThat(Pcs.end(pc)).isInstanceOfSatisfying(BootEnd.HostFailed.class, end -> assertThat(end.cause())
                    .isInstanceOf(DeviceFailedException.class)
                    .hasMessageMatching("\\S+MisbehavedDevicesTest\\$\\d failed at a (read of port 0x500"
                            + "|write of 0x79 to offset 0x4): java.lang.ArithmeticException: broken")
                    .hasCauseInstanceOf(ArithmeticException.class));
            assertThatExceptionOfType(GuestEndedException.class)
                    .isThrownBy(() -> pc.console().await("> ", Hang.AFTER))
                    .withMessageStartingWith("the guest ended before its console showed '> ': ")
                    .withCauseInstanceOf(DeviceFailedException.class);
        }
    }

    @Test
    void deviceThatWaitsForTheGuest_fails() throws Exception {
        CompletableFuture<BootedPc> built = new CompletableFuture<>();
        PortDevice waiting = new PortDevice() {
            @Override
            public int read(int number, int width) {
                return (int) built.join().machine().vcpu(0).inspect().cpu().registers().rax();
            }

            @Override
            public void write(int number, int width, int value) {
                // nothing
            }
        };
        try (BootedPc pc = Pcs.with("console").portDevice(0x500, 0x500, waiting).build()) {
            built.complete(pc);
            pc.start();
            Pcs.awaitPrompt(pc);
            pc.console().type("d");

            assertThat(Pcs.end(pc).describe()).contains("a vCPU's own thread cannot wait for it");
        }
    }

    /** The vCPU that accesses the device would wait for itself. */
    @Test
    void deviceThatClosesThePc_fails() throws Exception {
        CompletableFuture<BootedPc> built = new CompletableFuture<>();
        CompletableFuture<RuntimeException> failure = new CompletableFuture<>();
        PortDevice closing = new PortDevice() {
            @Override
            public int read(int number, int width) {
                try {
                    built.join().close();
                    return 0;
                } catch (IllegalStateException refused) {
                    failure.complete(refused);
                    throw refused;
                }
            }

            @Override
            public void write(int number, int width, int value) {
                // nothing
            }
        };
        try (BootedPc pc = Pcs.with("console").portDevice(0x500, 0x500, closing).build()) {
            built.complete(pc);
            pc.start();
            Pcs.awaitPrompt(pc);
            pc.console().type("d");

            assertThat(failure.get()).hasMessage("a vCPU's own thread cannot wait for its end");
            assertThat(Pcs.end(pc)).isInstanceOf(BootEnd.HostFailed.class);
        }
    }
}
