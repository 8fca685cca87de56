package dev.interject.kvm.state;

/** Segment, descriptor-table and control registers ({@code struct kvm_sregs}). */
public record SpecialRegisters(Segment cs, Segment ds, Segment es, Segment fs, Segment gs, Segment ss, Segment tr,
        Segment ldt, DescriptorTable gdt, DescriptorTable idt, long cr0, long cr2, long cr3, long cr4, long cr8,
        long efer, long apicBase) {

    /** EFER.LMA: the vCPU is in long mode (Intel SDM vol. 3, 2.2.1). */
    private static final long EFER_LMA = 1 << 10;

    private static final long EFER_NXE = 1 << 11;
    private static final long CR0_WP = 1 << 16;
    private static final long CR4_LA57 = 1 << 12;
    private static final long CR4_SMEP = 1 << 20;
    private static final long CR4_SMAP = 1 << 21;
    private static final int BITS_OF_AN_OFFSET = 12;
    private static final int BITS_A_LEVEL = 9;

    /** CR0.PE: protected mode. */
    private static final long CR0_PE = 1;
    private static final long OFFSET_32 = 0xffff_ffffL;
    private static final long CR0_PG = 1L << 31;
    private static final long CR4_PSE = 1 << 4;
    private static final long CR4_PAE = 1 << 5;

    /** Whether the vCPU is in long mode (EFER.LMA). */
    public boolean inLongMode() {
        return (efer & EFER_LMA) != 0;
    }

    /** Whether the vCPU is in real mode (CR0.PE is clear). */
    public boolean inRealMode() {
        return (cr0 & CR0_PE) == 0;
    }

    /** Whether linear addresses are translated (CR0.PG). */
    public boolean isPaging() {
        return (cr0 & CR0_PG) != 0;
    }

    /** The linear address of an offset in CS, such as RIP: 32 bits, except in 64-bit code, whose base is 0. */
    public long linearOfCode(long offset) {
        return inLongMode() && cs.longMode() ? offset : cs.base() + offset & OFFSET_32;
    }

    /** Whether page-table entries have 64 bits (CR4.PAE). */
    public boolean hasPhysicalAddressExtension() {
        return (cr4 & CR4_PAE) != 0;
    }

    /** Whether 32-bit paging has pages of 4 MiB (CR4.PSE). */
    public boolean hasPageSizeExtension() {
        return (cr4 & CR4_PSE) != 0;
    }

    /** How many levels the page tables of long mode have: 5 if CR4.LA57 is set, else 4. */
    public int levelsOfPaging() {
        return (cr4 & CR4_LA57) != 0 ? 5 : 4;
    }

    /** Whether a linear address is canonical in long mode: its unused bits equal the highest that is used. */
    public boolean isCanonical(long address) {
        int unused = Long.SIZE - BITS_OF_AN_OFFSET - levelsOfPaging() * BITS_A_LEVEL;
        return address << unused >> unused == address;
    }

    /** Whether pages can be made not executable (IA32_EFER.NXE, with CR4.PAE). */
    public boolean forbidsExecution() {
        return (efer & EFER_NXE) != 0 && hasPhysicalAddressExtension();
    }

    /** Whether a read-only page is read-only for rings 0 to 2 as well (CR0.WP). */
    public boolean protectsFromSupervisor() {
        return (cr0 & CR0_WP) != 0;
    }

    /** Whether rings 0 to 2 cannot execute pages of ring 3 (CR4.SMEP). */
    public boolean preventsExecutionOfUserPages() {
        return (cr4 & CR4_SMEP) != 0;
    }

    /** Whether rings 0 to 2 cannot access pages of ring 3 (CR4.SMAP). */
    public boolean preventsAccessToUserPages() {
        return (cr4 & CR4_SMAP) != 0;
    }

    /** The same with another table of segments. */
    public SpecialRegisters withGdt(DescriptorTable table) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, tr, ldt, table, idt, cr0, cr2, cr3, cr4, cr8, efer,
                apicBase);
    }

    /** The same with another interrupt table. */
    public SpecialRegisters withIdt(DescriptorTable table) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, tr, ldt, gdt, table, cr0, cr2, cr3, cr4, cr8, efer,
                apicBase);
    }

    /** The same with another code segment. */
    public SpecialRegisters withCs(Segment segment) {
        return new SpecialRegisters(segment, ds, es, fs, gs, ss, tr, ldt, gdt, idt, cr0, cr2, cr3, cr4, cr8, efer,
                apicBase);
    }

    /** The same with another stack segment. */
    public SpecialRegisters withSs(Segment segment) {
        return new SpecialRegisters(cs, ds, es, fs, gs, segment, tr, ldt, gdt, idt, cr0, cr2, cr3, cr4, cr8, efer,
                apicBase);
    }

    /** The same with another task register. */
    public SpecialRegisters withTr(Segment segment) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, segment, ldt, gdt, idt, cr0, cr2, cr3, cr4, cr8, efer,
                apicBase);
    }

    /** The same with another CR0. */
    public SpecialRegisters withCr0(long value) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, tr, ldt, gdt, idt, value, cr2, cr3, cr4, cr8, efer,
                apicBase);
    }

    /** The same with another CR3. */
    public SpecialRegisters withCr3(long value) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, tr, ldt, gdt, idt, cr0, cr2, value, cr4, cr8, efer,
                apicBase);
    }

    /** The same with another CR4. */
    public SpecialRegisters withCr4(long value) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, tr, ldt, gdt, idt, cr0, cr2, cr3, value, cr8, efer,
                apicBase);
    }

    /** The same with another EFER. */
    public SpecialRegisters withEfer(long value) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, tr, ldt, gdt, idt, cr0, cr2, cr3, cr4, cr8, value,
                apicBase);
    }

    /** The same with another IA32_APIC_BASE. */
    public SpecialRegisters withApicBase(long base) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, tr, ldt, gdt, idt, cr0, cr2, cr3, cr4, cr8, efer, base);
    }
}
