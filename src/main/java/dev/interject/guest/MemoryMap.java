package dev.interject.guest;

/** The layout of a guest's memory, in guest-physical addresses; {@code guest/guest.ld} follows it. */
public final class MemoryMap {

    /** The size of RAM, which starts at 0: one large page. */
    public static final long RAM_BYTES = 2 << 20;

    /** The size of a vCPU's block of memory; the block of vCPU n starts at n times this size. */
    public static final long VCPU_BLOCK = 0x10000;
    /** The largest number of vCPUs, which is the number of blocks. */
    public static final int MOST_VCPUS = (int) (RAM_BYTES / VCPU_BLOCK);
    /** The page of {@link Mailbox}, in each block; in block 0 the page before is the real-mode vector table. */
    public static final long MAILBOX = 0x1000;

    /** The page tables and GDT with which a long-mode guest boots, one page each. */
    public static final long PML4 = 0x2000;
    public static final long PDPT = 0x3000;
    public static final long PAGE_DIRECTORY = 0x4000;
    public static final long BOOT_GDT = 0x5000;
    public static final long APIC_PAGE_DIRECTORY = 0x6000;

    /** The page in which a vCPU's handlers record when they were entered and left, in each block. */
    public static final long STAMPS = 0x7000;

    /** The addresses of the APICs' registers, as in every PC; both in the fourth GiB. */
    public static final long IOAPIC = 0xfec00000L;
    public static final long LAPIC = 0xfee00000L;

    /** The address at which the command port can be read as well, in the large page of the IOAPIC. */
    public static final long COMMANDS = 0xfed00000L;

    /** One page and three pages that KVM needs for real mode on Intel hosts, at unused addresses below 4 GiB. */
    public static final long IDENTITY_MAP = 0xfffbc000L;
    public static final long TSS = 0xfffbd000L;

    private MemoryMap() {}
}
