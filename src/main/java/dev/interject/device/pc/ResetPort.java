package dev.interject.device.pc;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/** The reset control register of Intel's south bridges (PIIX3 data sheet, "RC — Reset Control Register"). */
public final class ResetPort implements PortDevice {

    /** Its port. */
    public static final int PORT = 0xcf9;

    private static final int RESET_CPU = 1 << 2;
    private static final int KEPT = 1 << 1;

    private final PowerControl power;
    private volatile int value;

    /** @param power receives a reset */
    public ResetPort(PowerControl power) {
        this.power = power;
    }

    /** Registers it at its port. */
    public void attachTo(PortBus bus) {
        bus.register(PORT, PORT, this);
    }

    @Override
    public int read(int port, int width) {
        return value;
    }

    @Override
    public void write(int port, int width, int written) {
        value = written & KEPT;
        if ((written & RESET_CPU) != 0) {
            power.reset("port 0xcf9");
        }
    }
}
