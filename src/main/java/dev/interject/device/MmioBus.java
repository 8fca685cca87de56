package dev.interject.device;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory-mapped registers of one machine: ranges of guest-physical addresses, each owned by one device.
 *
 * <p>
 * An address without a device reads as all ones; a store to it is dropped and counted.
 *
 * <p>
 * Devices are registered before the first vCPU runs. From then on any number of threads may read and write; the bus
 * adds no lock, so a device that several vCPUs access must synchronize itself.
 */
public final class MmioBus implements MmioDevice {

    // In ascending order. A machine has one or two, so a linear search is enough.
    private long[] firstBytes = {};
    private long[] lastBytes = {};
    private MmioDevice[] devices = {};

    private final AtomicLong droppedWrites = new AtomicLong();

    /** Creates a bus without devices. */
    public MmioBus() {}

    /**
     * Registers a device at a range of addresses.
     *
     * @param address the guest-physical address of the device's offset 0
     * @param bytes   the size of the range
     * @param device  the device that answers accesses to the range
     * @throws IllegalArgumentException if the range is empty, ends beyond the address space or overlaps another
     */
    public void register(long address, long bytes, MmioDevice device) {
        Objects.requireNonNull(device, "device");
        long last = address + bytes - 1;
        if (address < 0 || bytes <= 0 || last < address) {
            throw new IllegalArgumentException("%d bytes at 0x%x: not a range of addresses".formatted(bytes, address));
        }
        int count = devices.length;
        int at = 0;
        while (at < count && lastBytes[at] < address) {
            at++;
        }
        if (at < count && firstBytes[at] <= last) {
            throw new IllegalArgumentException("0x%x-0x%x for %s overlaps 0x%x-0x%x, which %s owns".formatted(address,
                    last, device.getClass().getSimpleName(), firstBytes[at], lastBytes[at],
                    devices[at].getClass().getSimpleName()));
        }
        firstBytes = withInserted(firstBytes, at, address);
        lastBytes = withInserted(lastBytes, at, last);
        MmioDevice[] grown = Arrays.copyOf(devices, count + 1);
        System.arraycopy(devices, at, grown, at + 1, count - at);
        grown[at] = device;
        devices = grown;
    }

    /**
     * Loads from the device that owns the address.
     *
     * @param address guest-physical
     * @return the device's value, truncated to {@code width} bytes; all ones if no device owns the address
     */
    @Override
    public long read(long address, int width) {
        int at = owner(address);
        long value = at < 0 ? -1 : devices[at].read(address - firstBytes[at], width);
        return value & allOnes(width);
    }

    /** Stores to the device that owns the address; counts the store as dropped if none does. */
    @Override
    public void write(long address, int width, long value) {
        int at = owner(address);
        if (at < 0) {
            droppedWrites.incrementAndGet();
        } else {
            devices[at].write(address - firstBytes[at], width, value & allOnes(width));
        }
    }

    /** The number of stores to addresses without a device. */
    public long droppedWrites() {
        return droppedWrites.get();
    }

    /** Returns the index of the range that contains the address, or -1. */
    private int owner(long address) {
        for (int at = 0; at < devices.length; at++) {
            if (firstBytes[at] <= address && address <= lastBytes[at]) {
                return at;
            }
        }
        return -1;
    }

    private static long allOnes(int width) {
        return width >= 1 && width < Long.BYTES ? (1L << width * Byte.SIZE) - 1 : -1;
    }

    private static long[] withInserted(long[] addresses, int at, long address) {
        long[] grown = Arrays.copyOf(addresses, addresses.length + 1);
        System.arraycopy(addresses, at, grown, at + 1, addresses.length - at);
        grown[at] = address;
        return grown;
    }
}
