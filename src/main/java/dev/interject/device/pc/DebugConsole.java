package dev.interject.device.pc;

import java.util.function.IntConsumer;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/** The debug console of Bochs and QEMU: each byte that is written is output; it reads as its own port's number. */
public final class DebugConsole implements PortDevice {

    /** Its port. */
    public static final int PORT = 0xe9;

    private static final int BYTE = 0xff;

    private final IntConsumer output;

    /** @param output receives each byte, 0–255 */
    public DebugConsole(IntConsumer output) {
        this.output = output;
    }

    /** Registers it at its port. */
    public void attachTo(PortBus bus) {
        bus.register(PORT, PORT, this);
    }

    @Override
    public int read(int port, int width) {
        return PORT;
    }

    @Override
    public void write(int port, int width, int value) {
        output.accept(value & BYTE);
    }
}
