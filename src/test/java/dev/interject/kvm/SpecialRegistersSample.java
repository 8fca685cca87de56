package dev.interject.kvm;

import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;

/** Special registers that tests put a vCPU into. */
final class SpecialRegistersSample {

    private static final long CR0_PE = 1;
    private static final long CR0_PG = 1L << 31;
    private static final long CR4_PAE = 1 << 5;
    private static final long EFER_LME = 1 << 8;
    private static final long EFER_LMA = 1 << 10;

    private SpecialRegistersSample() {}

    /** 32-bit protected mode, flat, ring 0, and an interrupt table without an entry. */
    static SpecialRegisters protectedModeWithoutIdt(SpecialRegisters reset) {
        Segment code = flat(0x08, 0xb);
        Segment data = flat(0x10, 0x3);
        return new SpecialRegisters(code, data, data, data, data, data, reset.tr(), reset.ldt(), reset.gdt(),
                new DescriptorTable(0, 0), reset.cr0() | CR0_PE, reset.cr2(), reset.cr3(), reset.cr4(), reset.cr8(),
                reset.efer(), reset.apicBase());
    }

    /** 64-bit mode, ring 0, with the page tables at {@code cr3}. */
    static SpecialRegisters longMode(SpecialRegisters reset, long cr3) {
        Segment code = new Segment(0, -1, 0x08, 0xb, true, 0, false, true, true, true, false);
        Segment data = flat(0x10, 0x3);
        return new SpecialRegisters(code, data, data, data, data, data, reset.tr(), reset.ldt(), reset.gdt(),
                reset.idt(), reset.cr0() | CR0_PE | CR0_PG, 0, cr3, CR4_PAE, 0, EFER_LME | EFER_LMA, reset.apicBase());
    }

    private static Segment flat(int selector, int type) {
        return new Segment(0, -1, selector, type, true, 0, true, true, false, true, false);
    }

    /** A different value in each place that KVM lets a stopped vCPU keep. */
    static SpecialRegisters withValuesOfItsOwn(SpecialRegisters reset) {
        return new SpecialRegisters(segment(reset.cs(), 0x1110), segment(reset.ds(), 0x2220),
                segment(reset.es(), 0x3330), segment(reset.fs(), 0x4440), segment(reset.gs(), 0x5550),
                segment(reset.ss(), 0x6660), reset.tr(), reset.ldt(), new DescriptorTable(0x7000, 0xfff7),
                new DescriptorTable(0x8000, 0x3ff), reset.cr0(), 0x9000, 0xa000, reset.cr4() | CR4_PAE, 3, reset.efer(),
                reset.apicBase());
    }

    private static Segment segment(Segment reset, int base) {
        return new Segment(base, 0xffff, base >> 4, reset.type(), true, 0, false, true, false, false, false);
    }
}
