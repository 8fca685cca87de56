package dev.interject.interrupt.state;

import java.util.Arrays;

import dev.interject.kvm.state.PhysicalMemory;
import dev.interject.kvm.state.SpecialRegisters;

/**
 * Reads a guest's page tables in every paging mode (Intel SDM vol. 3A, "Paging").
 *
 * @param physicalBits the width of a guest-physical address
 */
public record PageWalk(PhysicalMemory memory, SpecialRegisters special, int physicalBits) {

    private static final int PAGE_BYTES = 4096;

    private static final long PRESENT = 1;
    private static final long WRITABLE = 1 << 1;
    private static final long USER = 1 << 2;
    private static final long LARGE = 1 << 7;
    private static final long ATTRIBUTES_OF_LARGE = 1 << 12;
    private static final long NOT_EXECUTABLE = 1L << 63;
    private static final long ADDRESS = 0x000ffffffffff000L;
    private static final long LOWEST_52 = (1L << 52) - 1;
    private static final int PAGE_SHIFT = 12;
    private static final int DIRECTORY_POINTER = 3;

    // PAE paging: its four first entries have no access rights
    private static final long PAE_TABLE = 0xffffffe0L;

    // 32-bit paging
    private static final long TABLE_32 = 0xfffff000L;
    private static final long LARGE_32 = 0xffc00000L;
    private static final long LARGE_32_RESERVED = 1 << 21;
    private static final int LARGE_32_HIGH = 13;
    private static final int BITS_OF_LARGE_32_HIGH = 0xff;

    /** Bytes from a linear address; fewer than requested if the rest is not mapped or not RAM. */
    public byte[] read(long linear, int length) {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            long at = linear + done;
            int part = (int) Math.min(length - done, PAGE_BYTES - (at & PAGE_BYTES - 1));
            Page page = page(at);
            long physical = page.physical() + (at & PAGE_BYTES - 1);
            if (!page.present() || page.reserved() || !memory.contains(physical, part)) {
                return Arrays.copyOf(bytes, done);
            }
            System.arraycopy(memory.read(physical, part), 0, bytes, done, part);
            done += part;
        }
        return bytes;
    }

    /** The page that contains a linear address. */
    public Page page(long linear) {
        if (!special.isPaging()) {
            return mapped(linear, true, true, true);
        }
        if (special.inLongMode()) {
            return walk(special.cr3() & ADDRESS, linear, special.levelsOfPaging(), LOWEST_52 & -1L << physicalBits);
        }
        return special.hasPhysicalAddressExtension() ? walkPae(linear) : walk32(linear);
    }

    /**
     * A CPU checks the reserved bits of a PDPTE when it loads CR3, and keeps it (Intel SDM vol. 3A, "PDPTE Registers").
     * What is in memory may have changed since: QEMU's TCG sets bit 5 there, as if the entry had an accessed bit.
     */
    private Page walkPae(long linear) {
        long address = (special.cr3() & PAE_TABLE) + (linear >>> 30 & 3) * Long.BYTES;
        long entry = memory.contains(address, Long.BYTES) ? memory.readLong(address) : 0;
        long beyond = ~NOT_EXECUTABLE & -1L << physicalBits;
        return (entry & PRESENT) == 0 ? Page.ABSENT : walk(entry & ADDRESS & ~beyond, linear, 2, beyond);
    }

    /** @param beyond the bits of an entry that are above its largest address, and must be 0 */
    private Page walk(long firstTable, long linear, int levels, long beyond) {
        long table = firstTable;
        long reserved = beyond | (special.forbidsExecution() ? 0 : NOT_EXECUTABLE);
        boolean writable = true;
        boolean user = true;
        boolean executable = true;
        for (int level = levels; level > 0; level--) {
            int shift = PAGE_SHIFT + 9 * (level - 1);
            long address = table + (linear >>> shift & 0x1ff) * Long.BYTES;
            long entry = memory.contains(address, Long.BYTES) ? memory.readLong(address) : 0;
            if ((entry & PRESENT) == 0) {
                return Page.ABSENT;
            }
            boolean isLast = level == 1 || (entry & LARGE) != 0;
            long below = (1L << shift) - 1;
            long unused = level > 1 && isLast ? below & ADDRESS & ~ATTRIBUTES_OF_LARGE : 0;
            if ((entry & (reserved | unused)) != 0 || isLast && level > DIRECTORY_POINTER) {
                return Page.ofRam(0).asReserved();
            }
            writable &= (entry & WRITABLE) != 0;
            user &= (entry & USER) != 0;
            executable &= entry >= 0; // bit 63
            if (isLast) {
                return mapped(entry & ADDRESS & ~below | linear & below, writable, user, executable);
            }
            table = entry & ADDRESS;
        }
        throw new IllegalStateException("the last level ends the walk");
    }

    private Page walk32(long linear) {
        long first = (special.cr3() & TABLE_32) + (linear >>> 22 & 0x3ff) * Integer.BYTES;
        long directory = memory.contains(first, Integer.BYTES) ? Integer.toUnsignedLong(memory.readInt(first)) : 0;
        if ((directory & PRESENT) == 0) {
            return Page.ABSENT;
        }
        boolean writable = (directory & WRITABLE) != 0;
        boolean user = (directory & USER) != 0;
        if ((directory & LARGE) != 0 && special.hasPageSizeExtension()) {
            long high = (directory >>> LARGE_32_HIGH & BITS_OF_LARGE_32_HIGH) << Integer.SIZE;
            return (directory & LARGE_32_RESERVED) != 0 ? Page.ofRam(0).asReserved()
                    : mapped(high | directory & LARGE_32 | linear & ~LARGE_32 & 0xffffffffL, writable, user, true);
        }
        long second = (directory & TABLE_32) + (linear >>> PAGE_SHIFT & 0x3ff) * Integer.BYTES;
        long entry = memory.contains(second, Integer.BYTES) ? Integer.toUnsignedLong(memory.readInt(second)) : 0;
        return (entry & PRESENT) == 0 ? Page.ABSENT
                : mapped(entry & TABLE_32, writable && (entry & WRITABLE) != 0, user && (entry & USER) != 0, true);
    }

    private Page mapped(long physical, boolean writable, boolean user, boolean executable) {
        long start = physical & -PAGE_BYTES;
        return new Page(start, true, writable, user, executable, false, memory.contains(start, PAGE_BYTES));
    }
}
