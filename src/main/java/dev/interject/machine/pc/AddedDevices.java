package dev.interject.machine.pc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import dev.interject.device.MmioBus;
import dev.interject.device.MmioDevice;
import dev.interject.device.PortBus;
import dev.interject.device.PortDevice;
import dev.interject.guest.MemoryMap;

/**
 * Devices of the user's in a PC. What they throw becomes a {@link DeviceFailedException} that names the device and the
 * access.
 */
public final class AddedDevices {

    private static final long PAGE = 0x1000;
    /** No x86 CPU has longer physical addresses (Intel SDM vol. 3A, "Paging"). */
    private static final int MOST_ADDRESS_BITS = 52;

    /** What answers there without being at a bus: KVM, or the machine. */
    private enum Taken {
        MASTER("ports", 0x20, 2, "the master 8259"),
        TIMER("ports", 0x40, 4, "the 8254"),
        SLAVE("ports", 0xa0, 2, "the slave 8259"),
        ELCR("ports", 0x4d0, 2, "the 8259s"),
        IOAPIC("addresses", MemoryMap.IOAPIC, PAGE, "the IOAPIC"),
        LAPIC("addresses", MemoryMap.LAPIC, PAGE, "the LAPIC"),
        KVM("addresses", MemoryMap.IDENTITY_MAP, MemoryMap.TSS + 3 * PAGE - MemoryMap.IDENTITY_MAP, "KVM");

        private final String space;
        private final long first;
        private final long last;
        private final String owner;

        Taken(String space, long first, long size, String owner) {
            this.space = space;
            this.first = first;
            this.last = first + size - 1;
            this.owner = owner;
        }
    }

    private record Ports(int first, int last, PortDevice device) {}

    private record Memory(long address, long bytes, MmioDevice device) {}

    private record GuardedPorts(PortDevice device) implements PortDevice {

        @Override
        public int read(int port, int width) {
            try {
                return device.read(port, width);
            } catch (RuntimeException | Error failed) {
                throw new DeviceFailedException(device, "a read of port 0x%x".formatted(port), failed);
            }
        }

        @Override
        public void write(int port, int width, int value) {
            try {
                device.write(port, width, value);
            } catch (RuntimeException | Error failed) {
                throw new DeviceFailedException(device, "a write of 0x%x to port 0x%x".formatted(value, port), failed);
            }
        }
    }

    private record GuardedMemory(MmioDevice device) implements MmioDevice {

        @Override
        public long read(long offset, int width) {
            try {
                return device.read(offset, width);
            } catch (RuntimeException | Error failed) {
                throw new DeviceFailedException(device, "a read of offset 0x%x".formatted(offset), failed);
            }
        }

        @Override
        public void write(long offset, int width, long value) {
            try {
                device.write(offset, width, value);
            } catch (RuntimeException | Error failed) {
                throw new DeviceFailedException(device, "a write of 0x%x to offset 0x%x".formatted(value, offset),
                        failed);
            }
        }
    }

    private final List<Ports> ports = new ArrayList<>();
    private final List<Memory> memory = new ArrayList<>();
    /** Those that were added before, to find ranges that overlap. */
    private final PortBus portsSoFar = new PortBus();
    private final MmioBus memorySoFar = new MmioBus();

    /** None. */
    public AddedDevices() {}

    /**
     * Adds a device at I/O ports.
     *
     * @throws IllegalArgumentException if these are no ports, or another one's
     */
    public void addPorts(int first, int last, PortDevice device) {
        requireFree("ports", first, last);
        portsSoFar.register(first, last, device);
        ports.add(new Ports(first, last, device));
    }

    /**
     * Adds a device at guest-physical addresses.
     *
     * @throws IllegalArgumentException if these are no addresses, or another one's
     */
    public void addMemory(long address, long bytes, MmioDevice device) {
        long last = address + bytes - 1;
        if (last >> MOST_ADDRESS_BITS != 0) {
            throw new IllegalArgumentException(
                    "%d bytes at 0x%x: a physical address has at most %d bits".formatted(bytes,
                            address, MOST_ADDRESS_BITS));
        }
        requireFree("addresses", address, last);
        memorySoFar.register(address, bytes, device);
        memory.add(new Memory(address, bytes, device));
    }

    private static void requireFree(String space, long first, long last) {
        for (Taken taken : Taken.values()) {
            if (taken.space.equals(space) && first <= taken.last && taken.first <= last) {
                throw new IllegalArgumentException("%s 0x%x-0x%x overlap 0x%x-0x%x of %s".formatted(space, first, last,
                        taken.first, taken.last, taken.owner));
            }
        }
    }

    /**
     * Checks that a PC has room for them.
     *
     * @param  own                      registers the PC's own devices
     * @throws IllegalArgumentException if one is in RAM, or at another device's place
     */
    void requireRoom(long ramBytes, BiConsumer<PortBus, MmioBus> own) {
        for (Memory added : memory) {
            if (added.address < ramBytes) {
                throw new IllegalArgumentException("addresses 0x%x-0x%x are in RAM, which ends at 0x%x".formatted(
                        added.address, added.address + added.bytes - 1, ramBytes - 1));
            }
        }
        PortBus allPorts = new PortBus();
        MmioBus allMemory = new MmioBus();
        own.accept(allPorts, allMemory);
        ports.forEach(added -> allPorts.register(added.first, added.last, added.device));
        memory.forEach(added -> allMemory.register(added.address, added.bytes, added.device));
    }

    void attachTo(PortBus allPorts, MmioBus allMemory) {
        ports.forEach(added -> allPorts.register(added.first, added.last, new GuardedPorts(added.device)));
        memory.forEach(added -> allMemory.register(added.address, added.bytes, new GuardedMemory(added.device)));
    }
}
