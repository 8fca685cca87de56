package dev.interject.experiment.boot;

import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.machine.Machine;
import dev.interject.machine.VcpuHandle;

/**
 * A vCPU of a guest that has ended.
 *
 * @param state its registers and what the gates read
 * @param place its next instruction as a symbol; empty if the image has none there
 * @param code  the bytes of its next instruction and those that follow; empty if they are not in RAM
 * @param stack what lies at its stack pointer; empty if that is not in RAM
 */
public record PostMortem(GuestState state, String place, byte[] code, byte[] stack) {

    /** The longest instruction (Intel SDM vol. 2, 2.3.11), and one byte. */
    private static final int CODE_BYTES = 16;
    private static final int STACK_BYTES = 64;

    static PostMortem of(Machine machine, VcpuHandle vcpu) {
        GuestState state = vcpu.inspect();
        SpecialRegisters special = state.cpu().special();
        long rip = state.cpu().registers().rip();
        long code = special.inLongMode() ? rip : special.cs().base() + rip;
        long stack = state.cpu().registers().rsp() + (special.inLongMode() ? 0 : special.ss().base());
        return new PostMortem(state, machine.symbolAt(code), vcpu.readMemory(code, CODE_BYTES),
                vcpu.readMemory(stack, STACK_BYTES));
    }
}
