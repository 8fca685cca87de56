package dev.interject.machine;

import java.util.HashMap;
import java.util.Map;

import dev.interject.interrupt.state.DescriptorTables;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.Pages;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.state.SpecialRegisters;

/** Reads a guest's page tables in long mode (Intel SDM vol. 3A, "4-Level Paging and 5-Level Paging"). */
record PageWalk(GuestMemory memory, SpecialRegisters special) {

    private static final long PRESENT = 1;
    private static final long WRITABLE = 1 << 1;
    private static final long USER = 1 << 2;
    private static final long LARGE = 1 << 7;
    private static final long ADDRESS = 0x000ffffffffff000L;
    private static final int BITS_A_LEVEL = 9;
    private static final int PAGE_SHIFT = 12;
    private static final int LAST_OF_LARGE = 3;
    private static final int FRAME_BYTES = 40;
    private static final int FRAME_ALIGNMENT = 16;
    private static final int GATE_BYTES = 16;
    private static final int STACKS = 7;
    private static final int RINGS = 3;

    /** The pages of the stacks that an interrupt may use, and of all handlers. */
    Pages pages(DescriptorTables tables, long rsp) {
        Map<Long, Page> pages = new HashMap<>();
        addFrame(pages, rsp);
        for (int ring = 0; ring < RINGS; ring++) {
            addFrame(pages, tables.stackOfRing(ring));
        }
        for (int number = 1; number <= STACKS; number++) {
            addFrame(pages, tables.stack(number));
        }
        long last = 0;
        for (int vector = 0; (vector + 1) * GATE_BYTES <= tables.idt().length; vector++) {
            long handler = tables.handler(vector);
            if (vector == 0 || Pages.numberOf(handler) != Pages.numberOf(last)) { // most handlers share a page
                add(pages, handler);
            }
            last = handler;
        }
        return new Pages(pages);
    }

    private void addFrame(Map<Long, Page> pages, long stack) {
        long top = stack & -FRAME_ALIGNMENT;
        add(pages, top - 1);
        add(pages, top - FRAME_BYTES);
    }

    private void add(Map<Long, Page> pages, long linear) {
        pages.computeIfAbsent(Pages.numberOf(linear), _ -> page(linear));
    }

    /** The page that contains a linear address. */
    Page page(long linear) {
        long table = special.cr3() & ADDRESS;
        boolean writable = true;
        boolean user = true;
        boolean executable = true;
        for (int level = special.levelsOfPaging(); level > 0; level--) {
            long index = linear >>> PAGE_SHIFT + BITS_A_LEVEL * (level - 1) & (1 << BITS_A_LEVEL) - 1;
            long address = table + index * Long.BYTES;
            if (!memory.contains(address, Long.BYTES)) {
                return Page.ABSENT;
            }
            long entry = memory.readLong(address);
            if ((entry & PRESENT) == 0) {
                return Page.ABSENT;
            }
            writable &= (entry & WRITABLE) != 0;
            user &= (entry & USER) != 0;
            executable &= entry >= 0 || !special.forbidsExecution(); // bit 63 is XD
            if (level <= LAST_OF_LARGE && level > 1 && (entry & LARGE) != 0) {
                break;
            }
            table = entry & ADDRESS;
        }
        return new Page(true, writable, user, executable);
    }
}
