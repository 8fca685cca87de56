package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_regs;

/** General-purpose registers, instruction pointer and flags ({@code struct kvm_regs}). */
public record Registers(long rax, long rbx, long rcx, long rdx, long rsi, long rdi, long rsp, long rbp, long r8,
        long r9, long r10, long r11, long r12, long r13, long r14, long r15, long rip, long rflags) {

    /** Bit 1 of RFLAGS is always 1 (Intel SDM vol. 1, 3.4.3). */
    private static final long RFLAGS_FIXED = 1 << 1;
    private static final long RFLAGS_IF = 1 << 9;

    /** All zero, interrupts closed, about to execute at {@code rip}. */
    public static Registers startingAt(long rip) {
        return new Registers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, rip, RFLAGS_FIXED);
    }

    /** The same, about to execute elsewhere. */
    public Registers withRip(long elsewhere) {
        return new Registers(rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, elsewhere,
                rflags);
    }

    /** RFLAGS.IF: maskable interrupts are let in. */
    public boolean interruptFlag() {
        return (rflags & RFLAGS_IF) != 0;
    }

    static Registers read(MemorySegment r) {
        return new Registers(kvm_regs.rax(r), kvm_regs.rbx(r), kvm_regs.rcx(r), kvm_regs.rdx(r), kvm_regs.rsi(r),
                kvm_regs.rdi(r), kvm_regs.rsp(r), kvm_regs.rbp(r), kvm_regs.r8(r), kvm_regs.r9(r), kvm_regs.r10(r),
                kvm_regs.r11(r), kvm_regs.r12(r), kvm_regs.r13(r), kvm_regs.r14(r), kvm_regs.r15(r), kvm_regs.rip(r),
                kvm_regs.rflags(r));
    }

    void write(MemorySegment r) {
        kvm_regs.rax(r, rax);
        kvm_regs.rbx(r, rbx);
        kvm_regs.rcx(r, rcx);
        kvm_regs.rdx(r, rdx);
        kvm_regs.rsi(r, rsi);
        kvm_regs.rdi(r, rdi);
        kvm_regs.rsp(r, rsp);
        kvm_regs.rbp(r, rbp);
        kvm_regs.r8(r, r8);
        kvm_regs.r9(r, r9);
        kvm_regs.r10(r, r10);
        kvm_regs.r11(r, r11);
        kvm_regs.r12(r, r12);
        kvm_regs.r13(r, r13);
        kvm_regs.r14(r, r14);
        kvm_regs.r15(r, r15);
        kvm_regs.rip(r, rip);
        kvm_regs.rflags(r, rflags);
    }

    /** The same with RFLAGS.IF set or clear. */
    public Registers withInterruptFlag(boolean set) {
        long flags = set ? rflags | RFLAGS_IF : rflags & ~RFLAGS_IF;
        return new Registers(rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rip, flags);
    }
}
