package dev.interject.device;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The I/O ports of one machine: 65,536 of them, each owned by one device or by none.
 *
 * <p>
 * A port without a device reads as all ones; a write to it is dropped and counted.
 *
 * <p>
 * Devices are registered before the first vCPU runs. From then on any number of threads may read and write; the bus
 * adds no lock, so a device that several vCPUs access must synchronize itself.
 */
public final class PortBus implements PortDevice {

    /** The highest port there is. */
    public static final int LAST_PORT = 0xffff;

    private final Ranges<PortDevice> ranges = new Ranges<>();
    private final AtomicLong droppedWrites = new AtomicLong();

    /** Creates a bus without devices. */
    public PortBus() {}

    /**
     * Registers a device at a range of ports.
     *
     * @param firstPort the first port of the range
     * @param lastPort  the last port of the range, inclusive
     * @param device    the device that answers accesses to the range
     * @throws IllegalArgumentException if the range is empty, has no such ports or overlaps another
     */
    public void register(int firstPort, int lastPort, PortDevice device) {
        Objects.requireNonNull(device, "device");
        Ranges.Range<PortDevice> range = new Ranges.Range<>(firstPort, lastPort, device);
        if (firstPort < 0 || firstPort > lastPort || lastPort > LAST_PORT) {
            throw new IllegalArgumentException("%s: not a range of I/O ports (0x0 to 0xffff)".formatted(range));
        }
        ranges.add(range);
    }

    /**
     * Reads from the device that owns the port.
     *
     * @return the device's value, truncated to {@code width} bytes; all ones if no device owns the port
     */
    @Override
    public int read(int port, int width) {
        Ranges.Range<PortDevice> range = ranges.find(port);
        int value = range == null ? -1 : range.device().read(port, width);
        return value & allOnes(width);
    }

    /** Writes to the device that owns the port; counts the write as dropped if none does. */
    @Override
    public void write(int port, int width, int value) {
        Ranges.Range<PortDevice> range = ranges.find(port);
        if (range == null) {
            droppedWrites.incrementAndGet();
        } else {
            range.device().write(port, width, value & allOnes(width));
        }
    }

    /** The number of writes to ports without a device. */
    public long droppedWrites() {
        return droppedWrites.get();
    }

    private static int allOnes(int width) {
        return switch (width) {
            case 1 -> 0xff;
            case 2 -> 0xffff;
            default -> -1;
        };
    }
}
