package dev.interject.experiment.boot;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.machine.Machine;
import dev.interject.machine.VcpuHandle;
import dev.interject.machine.vcpu.VcpuEnd;

/**
 * A vCPU of a guest that has ended.
 *
 * @param state   its registers and what the gates read
 * @param place   its next instruction as a symbol; empty if the image has none there
 * @param code    the bytes of its next instruction and those that follow; empty if they are not in RAM
 * @param stack   what lies at its stack pointer; empty if that is not in RAM
 * @param entries the interrupt table's entries of queued events and, after a crash, of exceptions
 * @param counts  what KVM counted for it, under the kernel's names; empty if it does not say
 */
public record PostMortem(GuestState state, String place, byte[] code, byte[] stack, List<TableEntry> entries,
        Map<String, Long> counts) {

    /** The longest instruction (Intel SDM vol. 2, 2.3.11), and one byte. */
    private static final int CODE_BYTES = 16;
    private static final int STACK_BYTES = 64;

    // Where a CPU starts after a reset (Intel SDM vol. 3A, table "IA-32 and Intel 64 Processor States")
    private static final long RESET_RIP = 0xfff0;
    private static final long RESET_CODE_BASE = 0xffff0000L;

    /** Copies the collections. */
    public PostMortem {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(place, "place");
        entries = List.copyOf(entries);
        counts = Map.copyOf(counts);
    }

    static PostMortem of(Machine machine, VcpuHandle vcpu) {
        GuestState state = vcpu.inspect();
        SpecialRegisters special = state.cpu().special();
        long rip = state.cpu().registers().rip();
        long code = special.inLongMode() ? rip : special.cs().base() + rip;
        long stack = state.cpu().registers().rsp() + (special.inLongMode() ? 0 : special.ss().base());
        boolean crashed = vcpu.end().filter(VcpuEnd.Crashed.class::isInstance).isPresent();
        return new PostMortem(state, machine.symbolAt(code), vcpu.readMemory(code, CODE_BYTES),
                vcpu.readMemory(stack, STACK_BYTES), TableEntry.of(machine, state.cpu(), crashed), vcpu.statistics());
    }

    /**
     * Whether the state is that of a reset: with AMD's SVM, KVM resets a vCPU at a triple fault, and its state at the
     * crash is lost.
     */
    public boolean isReset() {
        SpecialRegisters special = state.cpu().special();
        return special.inRealMode() && special.cs().base() == RESET_CODE_BASE
                && state.cpu().registers().rip() == RESET_RIP;
    }
}
