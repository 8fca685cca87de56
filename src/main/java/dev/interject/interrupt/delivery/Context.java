package dev.interject.interrupt.delivery;

import dev.interject.interrupt.state.CpuState;
import dev.interject.kvm.state.Segment;

/**
 * What an event interrupts.
 *
 * @param ring     the current privilege level, 0–3
 * @param ss       the stack segment, with its hidden part
 * @param stack    RSP, ESP or SP
 * @param cs       the selector of the code segment
 * @param next     RIP, EIP or IP: the instruction to which the handler returns
 */
record Context(CpuMode mode, int ring, Segment ss, long stack, int cs, long next) {

    private static final int RING = 3;

    static Context of(CpuState cpu) {
        CpuMode mode = CpuMode.of(cpu.special(), cpu.registers());
        int selector = cpu.special().cs().selector();
        int ring = switch (mode) {
            case REAL -> 0;
            case VIRTUAL_8086 -> RING;
            case PROTECTED, LONG -> selector & RING;
        };
        return new Context(mode, ring, cpu.special().ss(), cpu.registers().rsp(), selector, cpu.registers().rip());
    }
}
