package dev.interject.guest;

import java.util.Locale;

import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;

/** The state of the CPU at a guest's first instruction. Intel and AMD CPUs accept each. */
public enum BootMode {

    /** 16-bit real mode, all segments at 0. */
    REAL {
        @Override
        public SpecialRegisters prepare(GuestMemory memory, SpecialRegisters reset) {
            // real mode: base = selector * 16, limit 64 KiB; everything else keeps its reset value
            Segment code = new Segment(0, 0xffff, 0, CODE, true, 0, false, true, false, false, false);
            Segment data = new Segment(0, 0xffff, 0, DATA, true, 0, false, true, false, false, false);
            return new SpecialRegisters(code, data, data, data, data, data, reset.tr(), reset.ldt(), reset.gdt(),
                    reset.idt(), reset.cr0(), reset.cr2(), reset.cr3(), reset.cr4(), reset.cr8(), reset.efer(),
                    reset.apicBase());
        }
    },

    /** 64-bit mode, ring 0; RAM, IOAPIC and LAPIC identity-mapped; no IDT yet. */
    LONG {
        @Override
        public SpecialRegisters prepare(GuestMemory memory, SpecialRegisters reset) {
            memory.writeLong(MemoryMap.PML4, MemoryMap.PDPT | PAGE_PRESENT | PAGE_WRITABLE);
            memory.writeLong(MemoryMap.PDPT, MemoryMap.PAGE_DIRECTORY | PAGE_PRESENT | PAGE_WRITABLE);
            for (long start = 0, entry = 0; start < memory.bytes(); start += LARGE_PAGE_BYTES, entry++) {
                memory.writeLong(MemoryMap.PAGE_DIRECTORY + entry * Long.BYTES,
                        start | PAGE_PRESENT | PAGE_WRITABLE | PAGE_LARGE);
            }
            memory.writeLong(MemoryMap.PDPT + MemoryMap.LAPIC / GIB * Long.BYTES,
                    MemoryMap.APIC_PAGE_DIRECTORY | PAGE_PRESENT | PAGE_WRITABLE);
            mapLargePage(memory, MemoryMap.IOAPIC);
            mapLargePage(memory, MemoryMap.LAPIC);
            memory.writeLong(MemoryMap.BOOT_GDT + CODE_SELECTOR, CODE_DESCRIPTOR);
            memory.writeLong(MemoryMap.BOOT_GDT + DATA_SELECTOR, DATA_DESCRIPTOR);

            Segment code = new Segment(0, -1, CODE_SELECTOR, CODE, true, 0, false, true, true, true, false);
            Segment data = new Segment(0, -1, DATA_SELECTOR, DATA, true, 0, true, true, false, true, false);
            // VM entry on Intel requires a busy TSS in TR, although no task switch uses it
            Segment tss = new Segment(0, TSS_LIMIT, 0, BUSY_TSS, true, 0, false, false, false, false, false);
            Segment noLdt = new Segment(0, 0, 0, LDT, false, 0, false, false, false, false, true);
            DescriptorTable gdt = new DescriptorTable(MemoryMap.BOOT_GDT, DATA_SELECTOR + Long.BYTES - 1);
            DescriptorTable noIdt = new DescriptorTable(0, 0);
            return new SpecialRegisters(code, data, data, data, data, data, tss, noLdt, gdt, noIdt,
                    CR0_PE | CR0_ET | CR0_NE | CR0_PG, 0, MemoryMap.PML4, CR4_PAE, 0, EFER_LME | EFER_LMA,
                    reset.apicBase());
        }
    };

    // Segment types (Intel SDM vol. 3, 3.4.5.1 and 3.5)
    private static final int CODE = 0xb; // execute, read, accessed
    private static final int DATA = 0x3; // read, write, accessed
    private static final int BUSY_TSS = 0xb;
    private static final int LDT = 0x2;
    private static final int TSS_LIMIT = 0x67;

    private static final int CODE_SELECTOR = 0x08;
    private static final int DATA_SELECTOR = 0x10;
    private static final long CODE_DESCRIPTOR = 0x00af9b000000ffffL;
    private static final long DATA_DESCRIPTOR = 0x00cf93000000ffffL;

    // Control registers and EFER (Intel SDM vol. 3, 2.5 and 2.2.1)
    private static final long CR0_PE = 1;
    private static final long CR0_ET = 1 << 4;
    private static final long CR0_NE = 1 << 5;
    private static final long CR0_PG = 1L << 31;
    private static final long CR4_PAE = 1 << 5;
    private static final long EFER_LME = 1 << 8;
    private static final long EFER_LMA = 1 << 10;

    // Page-table entries (Intel SDM vol. 3, 4.5)
    private static final long PAGE_PRESENT = 1;
    private static final long PAGE_WRITABLE = 1 << 1;
    private static final long PAGE_LARGE = 1 << 7;
    private static final long PAGE_CACHE_DISABLED = 1 << 4;
    private static final long LARGE_PAGE_BYTES = 2 << 20;
    private static final long GIB = 1 << 30;

    private static void mapLargePage(GuestMemory memory, long address) {
        long entry = address % GIB / LARGE_PAGE_BYTES;
        memory.writeLong(MemoryMap.APIC_PAGE_DIRECTORY + entry * Long.BYTES, address & -LARGE_PAGE_BYTES | PAGE_PRESENT
                | PAGE_WRITABLE | PAGE_LARGE | PAGE_CACHE_DISABLED);
    }

    /**
     * Writes the page tables and the GDT that this mode needs into memory, and returns its special registers.
     *
     * @param reset the special registers of a new vCPU
     */
    public abstract SpecialRegisters prepare(GuestMemory memory, SpecialRegisters reset);

    /** The name used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
