package dev.interject.guest;

/** The layout of a guest's memory, in guest-physical addresses; {@code guest/guest.ld} follows it. */
public final class MemoryMap {

    /** RAM from 0: one large page, of which a guest touches a few small ones. */
    public static final long RAM_BYTES = 2 << 20;

    /** The size of the block that each vCPU has, at its number times this size. */
    public static final long VCPU_BLOCK = 0x10000;
    /** The number of blocks, and so of vCPUs. */
    public static final int MOST_VCPUS = (int) (RAM_BYTES / VCPU_BLOCK);
    /** The page that the guest writes and the host reads; the real-mode vector table is the page before. */
    public static final long MAILBOX = 0x1000;

    /** Boot-time page tables and GDT of long mode, one page each. */
    public static final long PML4 = 0x2000;
    public static final long PDPT = 0x3000;
    public static final long PAGE_DIRECTORY = 0x4000;
    public static final long BOOT_GDT = 0x5000;
    public static final long APIC_PAGE_DIRECTORY = 0x6000;

    /** The page in which a vCPU's handlers record when they were entered and left; in each block. */
    public static final long STAMPS = 0x7000;

    /** The addresses that a PC uses; both in the fourth GiB. */
    public static final long IOAPIC = 0xfec00000L;
    public static final long LAPIC = 0xfee00000L;

    /** One page and three pages that Intel hosts need for real mode; unused addresses below 4 GiB. */
    public static final long IDENTITY_MAP = 0xfffbc000L;
    public static final long TSS = 0xfffbd000L;

    private MemoryMap() {}
}
