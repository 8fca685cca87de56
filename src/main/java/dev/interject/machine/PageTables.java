package dev.interject.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.state.Page;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.state.SpecialRegisters;

/**
 * Changes single pages of a vCPU's address space in long mode (Intel SDM vol. 3A, "4-Level Paging and 5-Level Paging").
 *
 * <p>The tables are changed in a copy. A new CR3 has the CPU drop its cached translations, and KVM its shadow of them,
 * which it does not do when the guest's memory is written from outside.
 */
final class PageTables {

    private static final long PRESENT = 1;
    private static final long WRITABLE = 1 << 1;
    private static final long USER = 1 << 2;
    private static final long LARGE = 1 << 7;
    private static final long PAT_OF_LARGE = 1 << 12;
    private static final long NO_EXECUTE = 1L << 63;
    private static final long ADDRESS = 0x000ffffffffff000L;
    private static final int BITS_A_LEVEL = 9;
    private static final int ENTRIES = 1 << BITS_A_LEVEL;
    private static final int PAGE_SHIFT = 12;
    private static final long PAGE_BYTES = 1 << PAGE_SHIFT;
    private static final int LAST_OF_LARGE = 3;

    private final GuestMemory memory;
    private final long end;
    private long next;

    /** @param vcpus how many the machine has; the copies lie in the blocks that they leave unused */
    PageTables(GuestMemory memory, int vcpu, int vcpus) {
        this.memory = memory;
        long unused = memory.bytes() == MemoryMap.RAM_BYTES
                ? (MemoryMap.MOST_VCPUS - vcpus) / vcpus * MemoryMap.VCPU_BLOCK
                : 0; // a foreign guest uses its memory as it likes
        this.next = (vcpus * MemoryMap.VCPU_BLOCK) + vcpu * unused;
        this.end = next + unused;
    }

    /**
     * Changes the page of 4 KiB that contains a linear address. If ring 3 is to access it, the levels above let it.
     *
     * @return                       the new CR3
     * @throws IllegalStateException if a level above has no entry for the page, a table is not in RAM, or there is no
     *                               memory for the copy
     */
    long change(SpecialRegisters special, long linear, UnaryOperator<Page> change) {
        long cr3 = special.cr3();
        long root = copyOf(cr3 & ADDRESS);
        long table = root;
        List<Long> path = new ArrayList<>();
        for (int level = special.levelsOfPaging(); level > 1; level--) {
            long address = table + index(linear, level) * Long.BYTES;
            long entry = memory.readLong(address);
            if ((entry & PRESENT) == 0) {
                throw new IllegalStateException("the guest's page tables have no entry for it");
            }
            boolean isLarge = level <= LAST_OF_LARGE && (entry & LARGE) != 0;
            long child = isLarge ? split(entry, level) : copyOf(entry & ADDRESS);
            long flags = isLarge ? entry & (PRESENT | WRITABLE | USER) : entry & ~ADDRESS;
            memory.writeLong(address, child | flags);
            path.add(address);
            table = child;
        }
        long address = table + index(linear, 1) * Long.BYTES;
        long changed = changed(memory.readLong(address), change);
        memory.writeLong(address, changed);
        path.forEach(above -> memory.writeLong(above, memory.readLong(above) | changed & USER));
        return cr3 & ~ADDRESS | root;
    }

    private static long index(long linear, int level) {
        return linear >>> PAGE_SHIFT + BITS_A_LEVEL * (level - 1) & ENTRIES - 1;
    }

    private static long changed(long entry, UnaryOperator<Page> change) {
        Page page = change.apply(new Page(entry & ADDRESS, (entry & PRESENT) != 0, (entry & WRITABLE) != 0,
                (entry & USER) != 0, (entry & NO_EXECUTE) == 0, false, true));
        return entry & ~(PRESENT | WRITABLE | USER | NO_EXECUTE)
                | (page.present() ? PRESENT : 0)
                | (page.writable() ? WRITABLE : 0)
                | (page.user() ? USER : 0)
                | (page.executable() || !page.present() ? 0 : NO_EXECUTE);
    }

    /** A table that maps the same as one entry of a large page, in pages of the next smaller size. */
    private long split(long entry, int level) {
        long table = allocate();
        long bytes = PAGE_BYTES << BITS_A_LEVEL * (level - 2);
        boolean areSmall = level == 2;
        long pat = (entry & PAT_OF_LARGE) == 0 ? 0 : areSmall ? LARGE : PAT_OF_LARGE; // bit 7 of a small page's entry
        long flags = entry & ~ADDRESS & ~LARGE | (areSmall ? 0 : LARGE) | pat;
        long first = entry & ADDRESS & -(bytes << BITS_A_LEVEL);
        for (int i = 0; i < ENTRIES; i++) {
            memory.writeLong(table + (long) i * Long.BYTES, first + i * bytes | flags);
        }
        return table;
    }

    private long copyOf(long table) {
        if (!memory.contains(table, PAGE_BYTES)) {
            throw new IllegalStateException("the guest's page tables are not in its memory");
        }
        long copy = allocate();
        memory.write(copy, memory.read(table, (int) PAGE_BYTES));
        return copy;
    }

    private long allocate() {
        if (next + PAGE_BYTES > end) {
            throw new IllegalStateException("the machine has no memory left for more page tables");
        }
        long page = next;
        next += PAGE_BYTES;
        return page;
    }
}
