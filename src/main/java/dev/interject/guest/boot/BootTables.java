package dev.interject.guest.boot;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import dev.interject.kvm.state.DescriptorTable;

/**
 * The GDT and the page tables with which a guest boots.
 *
 * @param gdt          the address of the GDT; its entries before the code segment are empty
 * @param codeSelector the selector of the code segment; that of the data segment follows
 * @param pml4         the address of the page tables' root; 0 without paging
 */
public record BootTables(long gdt, int codeSelector, long pml4) {

    /** Real mode has none. */
    static final BootTables NONE = new BootTables(0, 0, 0);

    // Descriptors (Intel SDM vol. 3, 3.4.5): base 0, limit 4 GiB, ring 0, accessed
    private static final long CODE_64 = 0x00af9b000000ffffL;
    private static final long CODE_32 = 0x00cf9b000000ffffL;
    private static final long DATA = 0x00cf93000000ffffL;

    // Page-table entries (Intel SDM vol. 3, 4.5)
    private static final long PRESENT = 1;
    private static final long WRITABLE = 1 << 1;
    private static final long CACHE_DISABLED = 1 << 4;
    private static final long LARGE = 1 << 7;
    private static final long LARGE_PAGE_BYTES = 2 << 20;
    private static final long GIB = 1 << 30;
    private static final int PAGE = 0x1000;
    private static final int GIBS = 4;

    /** Selector of the data segment. */
    int dataSelector() {
        return codeSelector + Long.BYTES;
    }

    DescriptorTable descriptorTable() {
        return new DescriptorTable(gdt, dataSelector() + Long.BYTES - 1);
    }

    /** The content of the GDT. */
    static byte[] gdt(BootMode mode, int codeSelector) {
        ByteBuffer gdt = LittleEndian.allocate(codeSelector + 2 * Long.BYTES);
        gdt.putLong(codeSelector, mode == BootMode.LONG ? CODE_64 : CODE_32);
        gdt.putLong(codeSelector + Long.BYTES, DATA);
        return gdt.array();
    }

    /**
     * A page that maps addresses to themselves, with large pages.
     *
     * @param first  the first address, in its first GiB
     * @param bytes  how many bytes are mapped
     * @param cached whether they may be cached
     */
    private static void map(ByteBuffer directory, long first, long bytes, boolean cached) {
        for (long address = first; address < first + bytes; address += LARGE_PAGE_BYTES) {
            int entry = (int) (address % GIB / LARGE_PAGE_BYTES) * Long.BYTES;
            directory.putLong(entry, address & -LARGE_PAGE_BYTES | PRESENT | WRITABLE | LARGE
                    | (cached ? 0 : CACHE_DISABLED));
        }
    }

    private static long pointer(long table) {
        return table | PRESENT | WRITABLE;
    }

    /**
     * Places tables for a mode: in long mode they map the first 4 GiB to themselves.
     *
     * @param codeSelector the selector that the boot protocol wants
     */
    static BootTables place(BootMode mode, int codeSelector, BootMemory memory) {
        if (mode == BootMode.REAL) {
            return NONE;
        }
        long gdt = memory.placeLow("the boot GDT", gdt(mode, codeSelector));
        return new BootTables(gdt, codeSelector, mode == BootMode.LONG ? placePageTables(memory) : 0);
    }

    private static long placePageTables(BootMemory memory) {
        ByteBuffer pointers = LittleEndian.allocate(PAGE);
        for (int gib = 0; gib < GIBS; gib++) {
            ByteBuffer directory = LittleEndian.allocate(PAGE);
            map(directory, gib * GIB, GIB, true);
            pointers.putLong(gib * Long.BYTES, pointer(memory.placeLow("the boot page tables", directory.array())));
        }
        ByteBuffer root = LittleEndian.allocate(PAGE);
        root.putLong(0, pointer(memory.placeLow("the boot page tables", pointers.array())));
        return memory.placeLow("the boot page tables", root.array());
    }

    /**
     * Where the tables of a guest lie whose layout is fixed, and what they map besides RAM from address 0.
     *
     * @param directory     the page directory of the first GiB
     * @param lastDirectory that of the fourth
     * @param ramBytes      how much RAM is mapped
     * @param devices       addresses in the fourth GiB whose large page is mapped, uncached
     */
    public record Layout(long pml4, long pdpt, long directory, long lastDirectory, long gdt, long ramBytes,
            List<Long> devices) {

        /** Copies the addresses. */
        public Layout {
            devices = List.copyOf(devices);
        }

        /** The tables for a mode; their content goes into {@code parts}. */
        BootTables tables(BootMode mode, List<Part> parts) {
            if (mode == BootMode.REAL) {
                return NONE;
            }
            parts.add(new Part(gdt, BootTables.gdt(mode, Long.BYTES)));
            if (mode == BootMode.LONG) {
                parts.addAll(pageTables());
            }
            return new BootTables(gdt, Long.BYTES, mode == BootMode.LONG ? pml4 : 0);
        }

        private List<Part> pageTables() {
            List<Part> parts = new ArrayList<>();
            ByteBuffer root = LittleEndian.allocate(PAGE).putLong(0, pointer(pdpt));
            ByteBuffer pointers = LittleEndian.allocate(PAGE)
                    .putLong(0, pointer(directory))
                    .putLong((GIBS - 1) * Long.BYTES, pointer(lastDirectory));
            ByteBuffer first = LittleEndian.allocate(PAGE);
            map(first, 0, ramBytes, true);
            ByteBuffer last = LittleEndian.allocate(PAGE);
            devices.forEach(address -> map(last, address, 1, false));
            parts.add(new Part(pml4, root.array()));
            parts.add(new Part(pdpt, pointers.array()));
            parts.add(new Part(directory, first.array()));
            parts.add(new Part(lastDirectory, last.array()));
            return parts;
        }
    }
}
