package dev.interject.guest;

/** Where everything lies in a guest's memory. All addresses are guest-physical; {@code guest/guest.ld} holds to it. */
public final class MemoryMap {

    /** RAM from 0: one large page, of which a guest touches a few small ones. */
    public static final long RAM_BYTES = 2 << 20;

    /** Each vCPU has a block of its own, at its number times this; what it writes lies at the same offset in each. */
    public static final long VCPU_BLOCK = 0x10000;
    /** As many as there are blocks. */
    public static final int MOST_VCPUS = (int) (RAM_BYTES / VCPU_BLOCK);
    /** The page that the guest writes and the host reads; the real-mode vector table is the page before. */
    public static final long MAILBOX = 0x1000;

    /** Boot-time page tables and GDT of long mode, one page each. */
    public static final long PML4 = 0x2000;
    public static final long PDPT = 0x3000;
    public static final long PAGE_DIRECTORY = 0x4000;
    public static final long BOOT_GDT = 0x5000;
    public static final long APIC_PAGE_DIRECTORY = 0x6000;

    /** The page in which a vCPU's handlers leave the time at which they were entered and left; for each vCPU. */
    public static final long STAMPS = 0x7000;

    /** Where a PC has them; both in the fourth GiB. */
    public static final long IOAPIC = 0xfec00000L;
    public static final long LAPIC = 0xfee00000L;

    /** One page and three pages that Intel hosts need for real mode; below 4 GiB, where nothing else is. */
    public static final long IDENTITY_MAP = 0xfffbc000L;
    public static final long TSS = 0xfffbd000L;

    private MemoryMap() {}
}
