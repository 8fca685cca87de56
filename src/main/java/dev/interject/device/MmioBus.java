package dev.interject.device;

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

    private final Ranges<MmioDevice> ranges = new Ranges<>();
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
        ranges.add(new Ranges.Range<>(address, last, device));
    }

    /**
     * Loads from the device that owns the address.
     *
     * @param address guest-physical
     * @return the device's value, truncated to {@code width} bytes; all ones if no device owns the address
     */
    @Override
    public long read(long address, int width) {
        Ranges.Range<MmioDevice> range = ranges.find(address);
        long value = range == null ? -1 : range.device().read(address - range.first(), width);
        return value & allOnes(width);
    }

    /** Stores to the device that owns the address; counts the store as dropped if none does. */
    @Override
    public void write(long address, int width, long value) {
        Ranges.Range<MmioDevice> range = ranges.find(address);
        if (range == null) {
            droppedWrites.incrementAndGet();
        } else {
            range.device().write(address - range.first(), width, value & allOnes(width));
        }
    }

    /** The number of stores to addresses without a device. */
    public long droppedWrites() {
        return droppedWrites.get();
    }

    private static long allOnes(int width) {
        return width >= 1 && width < Long.BYTES ? (1L << width * Byte.SIZE) - 1 : -1;
    }
}
