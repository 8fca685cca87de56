package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_sregs;

/** Segment, descriptor-table and control registers ({@code struct kvm_sregs}). */
public record SpecialRegisters(Segment cs, Segment ds, Segment es, Segment fs, Segment gs, Segment ss, Segment tr,
        Segment ldt, DescriptorTable gdt, DescriptorTable idt, long cr0, long cr2, long cr3, long cr4, long cr8,
        long efer, long apicBase) {

    /** EFER.LMA: the vCPU is in long mode (Intel SDM vol. 3, 2.2.1). */
    private static final long EFER_LMA = 1 << 10;

    /** CR0.PE: protected mode. */
    private static final long CR0_PE = 1;

    public boolean inLongMode() {
        return (efer & EFER_LMA) != 0;
    }

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

    static SpecialRegisters read(MemorySegment s) {
        return new SpecialRegisters(Segment.read(kvm_sregs.cs(s)), Segment.read(kvm_sregs.ds(s)),
                Segment.read(kvm_sregs.es(s)), Segment.read(kvm_sregs.fs(s)), Segment.read(kvm_sregs.gs(s)),
                Segment.read(kvm_sregs.ss(s)), Segment.read(kvm_sregs.tr(s)), Segment.read(kvm_sregs.ldt(s)),
                DescriptorTable.read(kvm_sregs.gdt(s)), DescriptorTable.read(kvm_sregs.idt(s)), kvm_sregs.cr0(s),
                kvm_sregs.cr2(s), kvm_sregs.cr3(s), kvm_sregs.cr4(s), kvm_sregs.cr8(s), kvm_sregs.efer(s),
                kvm_sregs.apic_base(s));
    }

    /** Leaves {@code interrupt_bitmap} 0: what is queued is not changed through here. */
    void write(MemorySegment s) {
        cs.write(kvm_sregs.cs(s));
        ds.write(kvm_sregs.ds(s));
        es.write(kvm_sregs.es(s));
        fs.write(kvm_sregs.fs(s));
        gs.write(kvm_sregs.gs(s));
        ss.write(kvm_sregs.ss(s));
        tr.write(kvm_sregs.tr(s));
        ldt.write(kvm_sregs.ldt(s));
        gdt.write(kvm_sregs.gdt(s));
        idt.write(kvm_sregs.idt(s));
        kvm_sregs.cr0(s, cr0);
        kvm_sregs.cr2(s, cr2);
        kvm_sregs.cr3(s, cr3);
        kvm_sregs.cr4(s, cr4);
        kvm_sregs.cr8(s, cr8);
        kvm_sregs.efer(s, efer);
        kvm_sregs.apic_base(s, apicBase);
    }
}
