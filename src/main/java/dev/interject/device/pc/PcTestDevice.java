package dev.interject.device.pc;

import java.util.List;

import dev.interject.device.MmioBus;
import dev.interject.device.MmioDevice;
import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;

/**
 * The device of kvm-unit-tests, as QEMU's {@code pc-testdev}: four ports and 64 KiB of memory that keep what is
 * written, a port that flushes a page, and a port for each interrupt line that drives it.
 */
public final class PcTestDevice implements PortDevice, MmioDevice {

    /** Four ports that keep what is written. */
    public static final int DATA_PORT = 0xe0;
    /** A write asks for a page to be flushed; there is nothing to flush. */
    public static final int FLUSH_PORT = 0xe4;
    /** The same four ports again. */
    public static final int BYTE_PORT = 0xe8;
    /** The port of line 0; those of the other lines follow. */
    public static final int LINES_PORT = 0x2000;
    /** The address of the memory. */
    public static final long MEMORY = 0xff000000L;
    /** The size of the memory. */
    public static final int MEMORY_BYTES = 0x10000;

    private static final int PORTS = 4;

    private final List<LineOutput> lines;
    private final byte[] ports = new byte[PORTS];
    private final byte[] memory = new byte[MEMORY_BYTES];

    /** @param lines those that the guest can drive, from line 0 */
    public PcTestDevice(List<LineOutput> lines) {
        this.lines = List.copyOf(lines);
    }

    /** Registers it at its ports and addresses. */
    public void attachTo(PortBus bus, MmioBus mmio) {
        bus.register(DATA_PORT, DATA_PORT + PORTS - 1, this);
        bus.register(FLUSH_PORT, FLUSH_PORT + PORTS - 1, this);
        bus.register(BYTE_PORT, BYTE_PORT + PORTS - 1, this);
        bus.register(LINES_PORT, LINES_PORT + lines.size() - 1, this);
        mmio.register(MEMORY, MEMORY_BYTES, this);
    }

    private static boolean isData(int port) {
        return port >= DATA_PORT && port < DATA_PORT + PORTS || port >= BYTE_PORT && port < BYTE_PORT + PORTS;
    }

    @Override
    public synchronized int read(int port, int width) {
        return isData(port) ? (int) load(ports, port & PORTS - 1, width) : -1;
    }

    @Override
    public synchronized void write(int port, int width, int value) {
        int line = port - LINES_PORT;
        if (isData(port)) {
            store(ports, port & PORTS - 1, width, value);
        } else if (line >= 0 && line < lines.size()) {
            lines.get(line).set((value & 0xff) != 0);
        }
    }

    @Override
    public synchronized long read(long offset, int width) {
        return load(memory, (int) offset, width);
    }

    @Override
    public synchronized void write(long offset, int width, long value) {
        store(memory, (int) offset, width, value);
    }

    private static long load(byte[] from, int offset, int width) {
        long value = 0;
        for (int i = 0; i < width && offset + i < from.length; i++) {
            value |= Byte.toUnsignedLong(from[offset + i]) << i * Byte.SIZE;
        }
        return value;
    }

    private static void store(byte[] into, int offset, int width, long value) {
        for (int i = 0; i < width && offset + i < into.length; i++) {
            into[offset + i] = (byte) (value >> i * Byte.SIZE);
        }
    }
}
