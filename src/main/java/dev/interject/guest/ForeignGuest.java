package dev.interject.guest;

import java.util.Objects;
import java.util.OptionalLong;

import dev.interject.guest.boot.BootMemory;
import dev.interject.guest.boot.BootRequest;
import dev.interject.guest.boot.BootState;
import dev.interject.guest.boot.Bootable;
import dev.interject.guest.boot.StartState;
import dev.interject.guest.firmware.Firmware;
import dev.interject.guest.image.GuestImage;

/**
 * A guest that does not know Interject, in the memory of a PC.
 *
 * @param memoryBytes the size of its RAM, 1 MiB to 3 GiB, in pages
 * @param request     what it is booted with
 * @param firmware    the tables that a PC's firmware leaves in memory
 */
public record ForeignGuest(GuestImage image, long memoryBytes, BootRequest request, Firmware firmware)
        implements
            Bootable {

    private static final int PAGE = 0x1000;

    /**
     * Checks the memory's size.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public ForeignGuest {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(firmware, "firmware");
        if (memoryBytes < BootMemory.LEAST_BYTES || memoryBytes > BootMemory.MOST_BYTES || memoryBytes % PAGE != 0) {
            throw new IllegalArgumentException(
                    "memory must be 1 MiB to 3 GiB in pages of 4 KiB, not %,d bytes".formatted(memoryBytes));
        }
    }

    @Override
    public BootState bootState() {
        BootMemory memory = new BootMemory(memoryBytes, image.parts());
        OptionalLong rsdp = firmware.place(memory);
        StartState start = image.protocol().start(memory, request.withRsdp(rsdp));
        return new BootState(memoryBytes, memory.parts(), start);
    }

    @Override
    public OptionalLong addressOf(String symbol) {
        return image.symbols().value(symbol);
    }

    @Override
    public String symbolAt(long address) {
        return image.symbols().describe(address);
    }
}
