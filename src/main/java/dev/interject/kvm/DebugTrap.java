package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_debug_exit_arch;
import dev.interject.bindings.kvm_run;
import dev.interject.kvm.state.GuestDebug;

/** Where and why {@link GuestDebug} ended a run ({@code KVM_EXIT_DEBUG}). */
public final class DebugTrap {

    private static final long DR6_SINGLE_STEP = 1 << 14;

    private final MemorySegment arch;

    DebugTrap(MemorySegment run) {
        this.arch = kvm_run.debug.arch(kvm_run.debug(run));
    }

    /** The linear address of the instruction that is next. */
    public long pc() {
        return kvm_debug_exit_arch.pc(arch);
    }

    /** As DR6 would tell the guest (Intel SDM vol. 3, "Debug Status Register"). */
    public long dr6() {
        return kvm_debug_exit_arch.dr6(arch);
    }

    /** 1 (#DB) for a step or a hardware breakpoint, 3 (#BP) for INT3. */
    public int exception() {
        return kvm_debug_exit_arch.exception(arch);
    }

    /** B0 to B3: which of the breakpoints was met, counted from 0 in the order in which they were given; or -1. */
    public int breakpoint() {
        int met = Long.numberOfTrailingZeros(dr6());
        return met < GuestDebug.MOST_BREAKPOINTS ? met : -1;
    }

    /** BS: an instruction was stepped over. */
    public boolean isStep() {
        return (dr6() & DR6_SINGLE_STEP) != 0;
    }
}
