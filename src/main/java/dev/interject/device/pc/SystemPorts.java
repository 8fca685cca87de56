package dev.interject.device.pc;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/** Port 0x80, to which firmware writes its progress, and port 0x92, which opens A20 and resets. A20 is always open. */
public final class SystemPorts implements PortDevice {

    /** The port for progress codes. */
    public static final int POST_PORT = 0x80;
    /** System control port A of the PS/2. */
    public static final int CONTROL_PORT = 0x92;

    private static final int BYTE = 0xff;
    private static final int A20 = 1 << 1;
    private static final int RESET = 1;

    private final PowerControl power;
    private volatile int post;

    /** @param power receives a reset */
    public SystemPorts(PowerControl power) {
        this.power = power;
    }

    /** Registers them at their ports. */
    public void attachTo(PortBus bus) {
        bus.register(POST_PORT, POST_PORT, this);
        bus.register(CONTROL_PORT, CONTROL_PORT, this);
    }

    @Override
    public int read(int port, int width) {
        return port == CONTROL_PORT ? A20 : post;
    }

    @Override
    public void write(int port, int width, int value) {
        if (port == POST_PORT) {
            post = value & BYTE;
        } else if ((value & RESET) != 0) {
            power.reset("port 0x92");
        }
    }
}
