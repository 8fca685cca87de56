package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_debug_exit_arch;
import dev.interject.bindings.kvm_run;
import dev.interject.kvm.state.GuestDebug;

/** Where and why {@link GuestDebug} ended a run ({@code KVM_EXIT_DEBUG}). */
public final class DebugTrap {

    /** BS: a single step ended. */
    private static final long DR6_SINGLE_STEP = 1 << 14;

    private final MemorySegment arch;

    DebugTrap(MemorySegment run) {
        this.arch = kvm_run.debug.arch(kvm_run.debug(run));
    }

    /** The linear address of the next instruction. */
    public long pc() {
        return kvm_debug_exit_arch.pc(arch);
    }

    /** The value of DR6 (Intel SDM vol. 3, "Debug Status Register"). */
    public long dr6() {
        return kvm_debug_exit_arch.dr6(arch);
    }

    /** The exception's vector: 1 (#DB) for a step or a hardware breakpoint, 3 (#BP) for INT3. */
    public int exception() {
        return kvm_debug_exit_arch.exception(arch);
    }

    /**
     * B0 to B3: the index of the breakpoint that was reached, in the order of {@link GuestDebug}. -1 after a step, when
     * CPUs may set these bits also for addresses that are not enabled.
     */
    public int breakpoint() {
        if ((dr6() & DR6_SINGLE_STEP) != 0) {
            return -1;
        }
        int met = Long.numberOfTrailingZeros(dr6());
        return met < GuestDebug.MOST_BREAKPOINTS ? met : -1;
    }
}
