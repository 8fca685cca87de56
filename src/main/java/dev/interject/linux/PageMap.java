package dev.interject.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

import dev.interject.linux.error.SystemCallException;

/**
 * Which pages of this process's private memory exist: {@code /proc/self/pagemap} (Linux,
 * Documentation/admin-guide/mm/pagemap.rst). Reading one that does not exist makes the kernel map a page of
 * zeros, which takes longer than comparing it.
 */
public final class PageMap {

    private static final String FILE = "/proc/self/pagemap";
    private static final int PAGE_BYTES = 4096;
    private static final long PRESENT = 1L << 63;
    private static final long SWAPPED = 1L << 62;

    private PageMap() {}

    /**
     * The pages of 4 KiB, from 0 at the start of a mapping, that are in memory or in swap; the others are zero. All
     * where the kernel does not say.
     *
     * @param memory private and anonymous, from the start of a page on
     */
    public static BitSet existing(MemorySegment memory) {
        int pages = Math.toIntExact(Math.ceilDiv(memory.byteSize(), PAGE_BYTES));
        BitSet existing = new BitSet(pages);
        try (Arena arena = Arena.ofConfined(); Fd file = Fd.openNonblocking(FILE)) {
            MemorySegment entries = arena.allocate(ValueLayout.JAVA_LONG, pages);
            long read = file.readAt(memory.address() / PAGE_BYTES * Long.BYTES, entries);
            for (int page = 0; page < pages; page++) {
                boolean isKnown = (page + 1L) * Long.BYTES <= read;
                existing.set(page, !isKnown
                        || (entries.getAtIndex(ValueLayout.JAVA_LONG, page) & (PRESENT | SWAPPED)) != 0);
            }
        } catch (SystemCallException unreadable) { // no /proc, or not for this process
            existing.set(0, pages);
        }
        return existing;
    }
}
