package dev.interject.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.BootState;
import dev.interject.guest.boot.BootTables;
import dev.interject.guest.boot.Bootable;
import dev.interject.guest.boot.Part;
import dev.interject.guest.boot.StartState;
import dev.interject.guest.image.GuestImage;

/**
 * A guest with the memory layout of Interject's own guests ({@link MemoryMap}): RAM, IOAPIC and LAPIC are mapped, and
 * nothing else.
 *
 * @param mode the mode of the boot vCPU at its first instruction
 */
public record BuiltinBoot(GuestImage image, BootMode mode) implements Bootable {

    private static final BootTables.Layout LAYOUT = new BootTables.Layout(MemoryMap.PML4, MemoryMap.PDPT,
            MemoryMap.PAGE_DIRECTORY, MemoryMap.APIC_PAGE_DIRECTORY, MemoryMap.BOOT_GDT, MemoryMap.RAM_BYTES,
            List.of(MemoryMap.IOAPIC, MemoryMap.LAPIC));

    /** Checks that nothing is missing. */
    public BuiltinBoot {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(mode, "mode");
    }

    @Override
    public long memoryBytes() {
        return MemoryMap.RAM_BYTES;
    }

    @Override
    public BootState bootState() {
        List<Part> parts = new ArrayList<>(image.parts());
        return new BootState(MemoryMap.RAM_BYTES, parts, start(mode, image.entry(), parts));
    }

    /** The state at an entry; the tables that the mode needs go into {@code parts}. */
    public static StartState start(BootMode mode, long entry, List<Part> parts) {
        return StartState.at(mode, entry, LAYOUT, parts);
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
