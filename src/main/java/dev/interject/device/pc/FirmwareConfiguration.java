package dev.interject.device.pc;

import java.util.Map;

import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/**
 * QEMU's fw_cfg by ports ({@code docs/specs/fw_cfg.rst}), with what guests read to find memory and CPUs: signature,
 * version, size of RAM, number of CPUs, and an empty list of files. Other keys read as zeros.
 */
public final class FirmwareConfiguration implements PortDevice {

    /** The key's port, 16 bits wide. */
    public static final int SELECTOR_PORT = 0x510;
    /** The data's port. */
    public static final int DATA_PORT = 0x511;

    private static final int SIGNATURE = 0x00;
    private static final int VERSION = 0x01;
    private static final int RAM_BYTES = 0x03;
    private static final int CPUS = 0x05;
    private static final int MOST_CPUS = 0x0f;
    private static final int FILES = 0x19;

    private static final int WITHOUT_DMA = 1;
    private static final int KEY = 0xffff;
    private static final byte[] NOTHING = {};

    private final Map<Integer, byte[]> items;
    private byte[] selected = NOTHING;
    private int position;

    /**
     * @param ramBytes the size of the guest's RAM
     * @param cpus     how many CPUs it has
     */
    public FirmwareConfiguration(long ramBytes, int cpus) {
        this.items = Map.of(
                SIGNATURE, new byte[]{'Q', 'E', 'M', 'U'},
                VERSION, littleEndian(WITHOUT_DMA, Integer.BYTES),
                RAM_BYTES, littleEndian(ramBytes, Long.BYTES),
                CPUS, littleEndian(cpus, Short.BYTES),
                MOST_CPUS, littleEndian(cpus, Short.BYTES),
                FILES, littleEndian(0, Integer.BYTES));
    }

    private static byte[] littleEndian(long value, int bytes) {
        byte[] item = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            item[i] = (byte) (value >> i * Byte.SIZE);
        }
        return item;
    }

    /** Registers it at its ports. */
    public void attachTo(PortBus bus) {
        bus.register(SELECTOR_PORT, SELECTOR_PORT, this);
        bus.register(DATA_PORT, DATA_PORT, this);
    }

    @Override
    public synchronized int read(int port, int width) {
        if (port != DATA_PORT || position >= selected.length) {
            return 0;
        }
        return Byte.toUnsignedInt(selected[position++]);
    }

    @Override
    public synchronized void write(int port, int width, int value) {
        if (port == SELECTOR_PORT) {
            selected = items.getOrDefault(value & KEY, NOTHING);
            position = 0;
        }
    }
}
