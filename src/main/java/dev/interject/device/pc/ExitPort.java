package dev.interject.device.pc;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/** QEMU's {@code isa-debug-exit}: a write ends the machine with the exit code {@code value << 1 | 1}. */
public final class ExitPort implements PortDevice {

    /** The first of its four ports. */
    public static final int PORT = 0xf4;

    private static final int PORTS = 4;

    private final PowerControl power;

    /** @param power receives what the guest writes */
    public ExitPort(PowerControl power) {
        this.power = power;
    }

    /** Registers it at its ports. */
    public void attachTo(PortBus bus) {
        bus.register(PORT, PORT + PORTS - 1, this);
    }

    @Override
    public int read(int port, int width) {
        return 0;
    }

    @Override
    public void write(int port, int width, int value) {
        power.exit(value);
    }
}
