package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_regs;
import dev.interject.kvm.state.Registers;

/** Reads and writes {@code struct kvm_regs}. */
public final class KvmRegs {

    private KvmRegs() {}

    public static Registers read(MemorySegment r) {
        return new Registers(kvm_regs.rax(r), kvm_regs.rbx(r), kvm_regs.rcx(r), kvm_regs.rdx(r), kvm_regs.rsi(r),
                kvm_regs.rdi(r), kvm_regs.rsp(r), kvm_regs.rbp(r), kvm_regs.r8(r), kvm_regs.r9(r), kvm_regs.r10(r),
                kvm_regs.r11(r), kvm_regs.r12(r), kvm_regs.r13(r), kvm_regs.r14(r), kvm_regs.r15(r), kvm_regs.rip(r),
                kvm_regs.rflags(r));
    }

    public static void write(Registers registers, MemorySegment r) {
        kvm_regs.rax(r, registers.rax());
        kvm_regs.rbx(r, registers.rbx());
        kvm_regs.rcx(r, registers.rcx());
        kvm_regs.rdx(r, registers.rdx());
        kvm_regs.rsi(r, registers.rsi());
        kvm_regs.rdi(r, registers.rdi());
        kvm_regs.rsp(r, registers.rsp());
        kvm_regs.rbp(r, registers.rbp());
        kvm_regs.r8(r, registers.r8());
        kvm_regs.r9(r, registers.r9());
        kvm_regs.r10(r, registers.r10());
        kvm_regs.r11(r, registers.r11());
        kvm_regs.r12(r, registers.r12());
        kvm_regs.r13(r, registers.r13());
        kvm_regs.r14(r, registers.r14());
        kvm_regs.r15(r, registers.r15());
        kvm_regs.rip(r, registers.rip());
        kvm_regs.rflags(r, registers.rflags());
    }
}
