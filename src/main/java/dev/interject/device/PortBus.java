package dev.interject.device;

import java.util.Arrays;
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

    // In ascending order, for a binary search. A machine has about ten ranges, so a look-up takes three or four
    // comparisons within one or two cache lines; a table indexed by port would take 256 KiB per VM and gain nothing.
    private int[] firstPorts = {};
    private int[] lastPorts = {};
    private PortDevice[] devices = {};

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
        if (firstPort < 0 || firstPort > lastPort || lastPort > LAST_PORT) {
            throw new IllegalArgumentException(
                    "%s: not a range of I/O ports (0x0 to 0xffff)".formatted(range(firstPort, lastPort)));
        }
        int count = devices.length;
        int at = 0;
        while (at < count && lastPorts[at] < firstPort) {
            at++;
        }
        if (at < count && firstPorts[at] <= lastPort) {
            throw new IllegalArgumentException("ports %s for %s overlap %s, which %s owns".formatted(
                    range(firstPort, lastPort), device.getClass().getSimpleName(),
                    range(firstPorts[at], lastPorts[at]), devices[at].getClass().getSimpleName()));
        }
        firstPorts = withInserted(firstPorts, at, firstPort);
        lastPorts = withInserted(lastPorts, at, lastPort);
        PortDevice[] grown = Arrays.copyOf(devices, count + 1);
        System.arraycopy(devices, at, grown, at + 1, count - at);
        grown[at] = device;
        devices = grown;
    }

    /**
     * Reads from the device that owns the port.
     *
     * @return the device's value, truncated to {@code width} bytes; all ones if no device owns the port
     */
    @Override
    public int read(int port, int width) {
        PortDevice device = owner(port);
        int value = device == null ? -1 : device.read(port, width);
        return value & allOnes(width);
    }

    /** Writes to the device that owns the port; counts the write as dropped if none does. */
    @Override
    public void write(int port, int width, int value) {
        PortDevice device = owner(port);
        if (device == null) {
            droppedWrites.incrementAndGet();
        } else {
            device.write(port, width, value & allOnes(width));
        }
    }

    /** The number of writes to ports without a device. */
    public long droppedWrites() {
        return droppedWrites.get();
    }

    /** Returns the device that owns the port, or null. */
    private PortDevice owner(int port) {
        int low = 0;
        int high = devices.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (port < firstPorts[middle]) {
                high = middle - 1;
            } else if (port > lastPorts[middle]) {
                low = middle + 1;
            } else {
                return devices[middle];
            }
        }
        return null;
    }

    private static int allOnes(int width) {
        return switch (width) {
            case 1 -> 0xff;
            case 2 -> 0xffff;
            default -> -1;
        };
    }

    private static int[] withInserted(int[] ports, int at, int port) {
        int[] grown = Arrays.copyOf(ports, ports.length + 1);
        System.arraycopy(ports, at, grown, at + 1, ports.length - at);
        grown[at] = port;
        return grown;
    }

    private static String range(int firstPort, int lastPort) {
        return "0x%x-0x%x".formatted(firstPort, lastPort);
    }
}
