package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_dtable;
import dev.interject.bindings.kvm_segment;
import dev.interject.bindings.kvm_sregs;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;

/** Reads and writes {@code struct kvm_sregs}. */
public final class KvmSregs {

    private KvmSregs() {}

    public static SpecialRegisters read(MemorySegment s) {
        return new SpecialRegisters(readSegment(kvm_sregs.cs(s)), readSegment(kvm_sregs.ds(s)),
                readSegment(kvm_sregs.es(s)), readSegment(kvm_sregs.fs(s)), readSegment(kvm_sregs.gs(s)),
                readSegment(kvm_sregs.ss(s)), readSegment(kvm_sregs.tr(s)), readSegment(kvm_sregs.ldt(s)),
                readTable(kvm_sregs.gdt(s)), readTable(kvm_sregs.idt(s)), kvm_sregs.cr0(s),
                kvm_sregs.cr2(s), kvm_sregs.cr3(s), kvm_sregs.cr4(s), kvm_sregs.cr8(s), kvm_sregs.efer(s),
                kvm_sregs.apic_base(s));
    }

    public static void write(SpecialRegisters registers, MemorySegment s) {
        writeSegment(registers.cs(), kvm_sregs.cs(s));
        writeSegment(registers.ds(), kvm_sregs.ds(s));
        writeSegment(registers.es(), kvm_sregs.es(s));
        writeSegment(registers.fs(), kvm_sregs.fs(s));
        writeSegment(registers.gs(), kvm_sregs.gs(s));
        writeSegment(registers.ss(), kvm_sregs.ss(s));
        writeSegment(registers.tr(), kvm_sregs.tr(s));
        writeSegment(registers.ldt(), kvm_sregs.ldt(s));
        writeTable(registers.gdt(), kvm_sregs.gdt(s));
        writeTable(registers.idt(), kvm_sregs.idt(s));
        kvm_sregs.cr0(s, registers.cr0());
        kvm_sregs.cr2(s, registers.cr2());
        kvm_sregs.cr3(s, registers.cr3());
        kvm_sregs.cr4(s, registers.cr4());
        kvm_sregs.cr8(s, registers.cr8());
        kvm_sregs.efer(s, registers.efer());
        kvm_sregs.apic_base(s, registers.apicBase());
    }

    private static Segment readSegment(MemorySegment s) {
        return new Segment(kvm_segment.base(s), kvm_segment.limit(s), Short.toUnsignedInt(kvm_segment.selector(s)),
                kvm_segment.type(s), kvm_segment.present(s) != 0, kvm_segment.dpl(s), kvm_segment.db(s) != 0,
                kvm_segment.s(s) != 0, kvm_segment.l(s) != 0, kvm_segment.g(s) != 0, kvm_segment.unusable(s) != 0);
    }

    private static void writeSegment(Segment segment, MemorySegment s) {
        kvm_segment.base(s, segment.base());
        kvm_segment.limit(s, segment.limit());
        kvm_segment.selector(s, (short) segment.selector());
        kvm_segment.type(s, (byte) segment.type());
        kvm_segment.present(s, bit(segment.present()));
        kvm_segment.dpl(s, (byte) segment.dpl());
        kvm_segment.db(s, bit(segment.db()));
        kvm_segment.s(s, bit(segment.system()));
        kvm_segment.l(s, bit(segment.longMode()));
        kvm_segment.g(s, bit(segment.pageGranular()));
        kvm_segment.avl(s, (byte) 0);
        kvm_segment.unusable(s, bit(segment.unusable()));
    }

    private static DescriptorTable readTable(MemorySegment table) {
        return new DescriptorTable(kvm_dtable.base(table), Short.toUnsignedInt(kvm_dtable.limit(table)));
    }

    private static void writeTable(DescriptorTable value, MemorySegment table) {
        kvm_dtable.base(table, value.base());
        kvm_dtable.limit(table, (short) value.limit());
    }

    private static byte bit(boolean set) {
        return (byte) (set ? 1 : 0);
    }
}
