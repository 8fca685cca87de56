package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_guest_debug;
import dev.interject.bindings.kvm_guest_debug_arch;
import dev.interject.kvm.state.GuestDebug;

/** Writes {@code struct kvm_guest_debug}. */
public final class KvmGuestDebug {

    /** The bit of DR7 that always reads as 1 (Intel SDM vol. 3, "Debug Control Register"). */
    private static final long DR7_FIXED = 1 << 10;

    /** G0; Gn is two bits further for each n. R/Wn and LENn stay 0: on execution. */
    private static final long DR7_FIRST = 1 << 1;

    private static final int DR7 = 7;

    private KvmGuestDebug() {}

    public static void write(GuestDebug values, MemorySegment debug) {
        kvm_guest_debug.control(debug, control(values));
        MemorySegment registers = kvm_guest_debug.arch(debug);
        long dr7 = DR7_FIXED;
        for (int i = 0; i < values.breakpoints().size(); i++) {
            kvm_guest_debug_arch.debugreg(registers, i, values.breakpoints().get(i));
            dr7 |= DR7_FIRST << 2 * i;
        }
        kvm_guest_debug_arch.debugreg(registers, DR7, dr7);
    }

    private static int control(GuestDebug values) {
        int step = values.step() ? NativeHeaders.KVM_GUESTDBG_SINGLESTEP() : 0;
        int breakpoints = values.breakpoints().isEmpty() ? 0 : NativeHeaders.KVM_GUESTDBG_USE_HW_BP();
        int blocked = values.blocked() ? NativeHeaders.KVM_GUESTDBG_BLOCKIRQ() : 0;
        int features = step | breakpoints | blocked;
        return features == 0 ? 0 : features | NativeHeaders.KVM_GUESTDBG_ENABLE();
    }
}
