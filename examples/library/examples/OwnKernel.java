package examples;

import java.nio.file.Path;
import java.time.Duration;

import dev.interject.device.*;
import dev.interject.experiment.boot.*;
import dev.interject.guest.image.GuestImage;

/** Boots a kernel of one's own with devices of one's own, and talks to it: {@code examples/kernel/console.S}. */
final class OwnKernel {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A port that reads as a digit. */
    private record Digit(char digit) implements PortDevice {

        @Override
        public int read(int port, int width) {
            return digit;
        }

        @Override
        public void write(int port, int width, int value) {
            System.out.printf("port 0x%x: %c%n", port, value);
        }
    }

    /** A page of registers, each of which reads as its offset from A. */
    private record Letters() implements MmioDevice {

        @Override
        public long read(long offset, int width) {
            return 'A' + offset;
        }

        @Override
        public void write(long offset, int width, long value) {
            System.out.printf("offset 0x%x: %c%n", offset, (char) value);
        }
    }

    public static void main(String[] arguments) throws Exception {
        try (BootedPc pc = BootedPc.builder(GuestImage.of(Path.of(arguments[0])))
                .memory(16 << 20)
                .portDevice(0x500, 0x500, new Digit('7'))
                .mmioDevice(0xd000_0000L, 0x1000, new Letters())
                .start()) {
            pc.console().await("> ", PATIENCE);
            pc.console().type("dm!\r");
            System.out.println("answer: " + pc.console().await("> ", PATIENCE).lines().findFirst().orElseThrow());

            long interrupts = pc.machine().addressOf("interrupts").orElseThrow();
            int before = pc.memory().readInt(interrupts);
            pc.machine().line(4).pulse();
            while (pc.memory().readInt(interrupts) == before) {
                Thread.sleep(1);
            }
            System.out.println("interrupt taken");

            pc.console().type("\u0004");
            System.out.println(pc.awaitEnd(PATIENCE).orElseThrow().describe());
        }
    }
}
