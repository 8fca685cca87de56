package dev.interject.kvm.state;

/** Segment, descriptor-table and control registers ({@code struct kvm_sregs}). */
public record SpecialRegisters(Segment cs, Segment ds, Segment es, Segment fs, Segment gs, Segment ss, Segment tr,
        Segment ldt, DescriptorTable gdt, DescriptorTable idt, long cr0, long cr2, long cr3, long cr4, long cr8,
        long efer, long apicBase) {

    /** EFER.LMA: the vCPU is in long mode (Intel SDM vol. 3, 2.2.1). */
    private static final long EFER_LMA = 1 << 10;

    /** CR0.PE: protected mode. */
    private static final long CR0_PE = 1;

    /** Whether the vCPU is in long mode (EFER.LMA). */
    public boolean inLongMode() {
        return (efer & EFER_LMA) != 0;
    }

    /** Whether the vCPU is in real mode (CR0.PE is clear). */
    public boolean inRealMode() {
        return (cr0 & CR0_PE) == 0;
    }

    /** The same with another interrupt table. */
    public SpecialRegisters withIdt(DescriptorTable table) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, tr, ldt, gdt, table, cr0, cr2, cr3, cr4, cr8, efer,
                apicBase);
    }

    /** The same with another IA32_APIC_BASE. */
    public SpecialRegisters withApicBase(long base) {
        return new SpecialRegisters(cs, ds, es, fs, gs, ss, tr, ldt, gdt, idt, cr0, cr2, cr3, cr4, cr8, efer, base);
    }
}
