package dev.interject.device.pc;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/**
 * PCI's configuration mechanism 1 (PCI Local Bus Specification 3.0, 3.2.2.3) on a bus without devices: the address
 * register keeps what is written, and every read of the data register finds nothing.
 */
public final class PciConfiguration implements PortDevice {

    /** The address register; its other three ports belong to other devices. */
    public static final int ADDRESS_PORT = 0xcf8;
    /** The first of the four data ports. */
    public static final int DATA_PORT = 0xcfc;

    private static final int DATA_PORTS = 4;
    private static final int WIDTH = 4;
    private static final int NOTHING = -1;
    /** Bits 30:24 and 1:0 are reserved and read as 0. */
    private static final int IMPLEMENTED = 0x80fffffc;

    private volatile int address;

    /** Creates a bus without devices. */
    public PciConfiguration() {}

    /** Registers it at its ports. */
    public void attachTo(PortBus bus) {
        bus.register(ADDRESS_PORT, ADDRESS_PORT, this);
        bus.register(DATA_PORT, DATA_PORT + DATA_PORTS - 1, this);
    }

    @Override
    public int read(int port, int width) {
        return port == ADDRESS_PORT && width == WIDTH ? address : NOTHING;
    }

    @Override
    public void write(int port, int width, int value) {
        if (port == ADDRESS_PORT && width == WIDTH) {
            address = value & IMPLEMENTED;
        }
    }
}
