package dev.interject.experiment.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.interject.Hang;
import dev.interject.RequiresKvm;
import dev.interject.device.MmioDevice;
import dev.interject.device.PortDevice;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A PC step by step, with real guests: {@code console} answers each key. */
@RequiresKvm
class BootedPcTest {

    private static final long MMIO = 0xd000_0000L;
    private static final int PAGE = 0x1000;

    private final List<String> accesses = Collections.synchronizedList(new ArrayList<>());

    private final PortDevice port = new PortDevice() {
        @Override
        public int read(int number, int width) {
            return '7';
        }

        @Override
        public void write(int number, int width, int value) {
            accesses.add("0x%x/%d=%c".formatted(number, width, value));
        }
    };

    private final MmioDevice registers = new MmioDevice() {
        @Override
        public long read(long offset, int width) {
            return 'A' + offset;
        }

        @Override
        public void write(long offset, int width, long value) {
            accesses.add("+0x%x/%d=%c".formatted(offset, width, (char) value));
        }
    };

    @ParameterizedTest
    @EnumSource
    void devicesOfTheCaller_answerTheGuest(Irqchip irqchip) throws Exception {
        try (BootedPc pc = Pcs.with("console")
                .irqchip(irqchip)
                .portDevice(0x500, 0x503, port)
                .mmioDevice(MMIO, PAGE, registers)
                .start()) {
            Pcs.awaitPrompt(pc);
            pc.console().type("dm!\r");

            assertThat(pc.console().await("> ", Hang.AFTER)).isEqualTo("7A!\n> ");
            assertThat(accesses).containsExactly("0x500/1=7", "+0x4/1=A");
            pc.console().input().write(4);
            assertThat(Pcs.end(pc)).isEqualTo(new BootEnd.Exited(0x10));
            assertThat(pc.end()).contains(new BootEnd.Exited(0x10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void lineOfTheCaller_isCountedInTheGuestsMemory(Irqchip irqchip) throws Exception {
        try (BootedPc pc = Pcs.with("console").irqchip(irqchip).start()) {
            Pcs.awaitPrompt(pc);
            long interrupts = pc.machine().addressOf("interrupts").orElseThrow();
            int before = pc.memory().readInt(interrupts);
            pc.machine().line(4).pulse();

            Hang.orUntil(() -> pc.memory().readInt(interrupts) == before + 1);
        }
    }

    @Test
    void deviceThatInterrupts_drivesItsLine() throws Exception {
        CompletableFuture<BootedPc> built = new CompletableFuture<>();
        PortDevice button = new PortDevice() {
            @Override
            public int read(int number, int width) {
                built.join().machine().line(4).pulse();
                return 'x';
            }

            @Override
            public void write(int number, int width, int value) {
                // as before
            }
        };
        try (BootedPc pc = Pcs.with("console").portDevice(0x500, 0x500, button).build()) {
            built.complete(pc);
            pc.start();
            Pcs.awaitPrompt(pc);
            long interrupts = pc.machine().addressOf("interrupts").orElseThrow();
            int before = pc.memory().readInt(interrupts);
            pc.console().type("d");

            Hang.orUntil(() -> pc.memory().readInt(interrupts) == before + 2);
        }
    }

    @Test
    void memory_isThatOfTheGuest() throws Exception {
        try (BootedPc pc = Pcs.with("console").start()) {
            Pcs.awaitPrompt(pc);
            long entry = pc.machine().addressOf("_start").orElseThrow();
            long prompt = pc.machine().addressOf("prompt").orElseThrow();

            assertThat(pc.memory().bytes()).isEqualTo(8 << 20);
            assertThat(pc.memory().read(entry, 1)).containsExactly(0xbc); // mov $…, %esp
            pc.memory().write(prompt, (byte) 0xb0, (byte) '\t'); // mov $'\t', %al
            pc.console().type("\r");
            assertThat(pc.console().await("> ", Hang.AFTER)).isEqualTo("\t> ");
        }
    }

    @Test
    void memoryOutsideOrAfterClosing_isRefused() throws Exception {
        BootedPc pc = Pcs.with("console").start();
        long end = pc.memory().bytes();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> pc.memory().read(end - 3, 4))
                .withMessage("4 bytes at 0x7ffffd are not in the guest's RAM, which has 0x800000");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> pc.memory().read(0, Integer.MAX_VALUE));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> pc.memory().read(0, -1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> pc.memory().write(-1, new byte[1]));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> pc.memory().readLong(end));
        pc.close();
        pc.close();

        assertThatIllegalStateException().isThrownBy(() -> pc.memory().read(0, 1));
        assertThatIllegalStateException().isThrownBy(() -> pc.console().await("login:", Hang.AFTER))
                .withMessage("the PC is closed");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> pc.console().type("x"))
                .withMessage("the PC is closed");
        assertThatIllegalStateException().isThrownBy(pc::start);
        assertThatIllegalStateException().isThrownBy(pc::postMortems);
        assertThatIllegalStateException().isThrownBy(() -> pc.machine().line(4).pulse());
    }

    /** No thread may get at memory that is unmapped. */
    @Test
    void memoryReadByThreadsWhileThePcCloses_failsInJavaOnly() throws Exception {
        BootedPc pc = Pcs.with("console").start();
        List<CompletableFuture<Throwable>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            readers.add(failure);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        pc.memory().write(0x700000, pc.memory().read(0x600000, PAGE));
                    }
                } catch (IllegalStateException closed) {
                    failure.complete(closed);
                }
            });
        }
        Pcs.awaitPrompt(pc);
        pc.close();

        for (CompletableFuture<Throwable> failure : readers) {
            assertThat(failure.get()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void crashedGuest_canBeInspected() throws Exception {
        try (BootedPc pc = Pcs.with("reset").commandLine("t").start()) {
            assertThat(Pcs.end(pc)).isInstanceOf(BootEnd.Crashed.class);
            assertThat(pc.postMortems()).hasSize(1);
        }
    }

    @Test
    void startedTwice_isRefused() {
        try (BootedPc pc = Pcs.with("spin").start()) {
            assertThatIllegalStateException().isThrownBy(pc::start).withMessageContaining("starts once");
        }
    }
}
