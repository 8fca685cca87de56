package dev.interject.kvm.state;

/** General-purpose registers, instruction pointer and flags ({@code struct kvm_regs}). */
public record Registers(long rax, long rbx, long rcx, long rdx, long rsi, long rdi, long rsp, long rbp, long r8,
        long r9, long r10, long r11, long r12, long r13, long r14, long r15, long rip, long rflags) {

    /** Bit 1 of RFLAGS is always 1 (Intel SDM vol. 1, 3.4.3). */
    private static final long RFLAGS_FIXED = 1 << 1;
    private static final long RFLAGS_IF = 1 << 9;

    /** Registers that are all zero, with RFLAGS.IF clear, before the instruction at {@code rip}. */
    public static Registers startingAt(long rip) {
        return new Registers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, rip, RFLAGS_FIXED);
    }

    /** The same registers with another RIP. */
    public Registers withRip(long elsewhere) {
        return new Registers(rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, elsewhere,
                rflags);
    }

    /** The same registers with another RSP. */
    public Registers withRsp(long elsewhere) {
        return new Registers(rax, rbx, rcx, rdx, rsi, rdi, elsewhere, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rip,
                rflags);
    }

    /** The same registers with other flags. */
    public Registers withRflags(long flags) {
        return new Registers(rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rip, flags);
    }

    /** RFLAGS.IF: whether maskable interrupts are taken. */
    public boolean interruptFlag() {
        return (rflags & RFLAGS_IF) != 0;
    }

    /** The same registers with RFLAGS.IF set or clear. */
    public Registers withInterruptFlag(boolean set) {
        long flags = set ? rflags | RFLAGS_IF : rflags & ~RFLAGS_IF;
        return new Registers(rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rip, flags);
    }
}
