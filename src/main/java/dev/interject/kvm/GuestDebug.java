package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_guest_debug;
import dev.interject.bindings.kvm_guest_debug_arch;

/**
 * How a guest is debugged from outside ({@code KVM_SET_GUEST_DEBUG}); a run then ends with {@link Exit.Debugged}.
 *
 * <p>Interrupts are not held off ({@code KVM_GUESTDBG_BLOCKIRQ} is never asked for). One that is taken in the middle of
 * a step is followed to a different depth by different back-ends, for api.rst says nothing of it: KVM steps with
 * RFLAGS.TF, which it hides from {@code KVM_GET_REGS}, but which an interrupt pushes and clears, so that on VMX and SVM
 * its whole handler is one step. A breakpoint at the handler is met everywhere. VMX also enters a stepped guest without
 * the shadow of STI and MOV SS.
 */
public final class GuestDebug {

    /** Nothing: the guest runs by itself, and its own debug registers count again. */
    public static final GuestDebug OFF = new GuestDebug(0);

    /** How many addresses the debug registers hold: DR0 to DR3. */
    public static final int MOST_BREAKPOINTS = 4;

    /** The bit of DR7 that always reads as 1 (Intel SDM vol. 3, "Debug Control Register"). */
    private static final long DR7_FIXED = 1 << 10;

    /** G0; Gn is two bits further for each n. R/Wn and LENn stay 0: on execution. */
    private static final long DR7_FIRST = 1 << 1;

    private static final int DR7 = 7;

    private final int control;
    private final long[] addresses;

    private GuestDebug(int control, long... addresses) {
        if (addresses.length > MOST_BREAKPOINTS) {
            throw new IllegalArgumentException("at most %d breakpoints".formatted(MOST_BREAKPOINTS));
        }
        this.control = control;
        this.addresses = addresses;
    }

    /** After the next instruction, or before the one at one of these linear addresses, of which four are possible. */
    public static GuestDebug singleStep(long... breakpoints) {
        int step = NativeHeaders.KVM_GUESTDBG_ENABLE() | NativeHeaders.KVM_GUESTDBG_SINGLESTEP();
        return new GuestDebug(breakpoints.length == 0 ? step : step | NativeHeaders.KVM_GUESTDBG_USE_HW_BP(),
                breakpoints);
    }

    /** Before the instruction at this linear address; also where the guest stands there already. */
    public static GuestDebug breakAt(long address) {
        return new GuestDebug(NativeHeaders.KVM_GUESTDBG_ENABLE() | NativeHeaders.KVM_GUESTDBG_USE_HW_BP(), address);
    }

    void write(MemorySegment debug) {
        kvm_guest_debug.control(debug, control);
        MemorySegment registers = kvm_guest_debug.arch(debug);
        long dr7 = DR7_FIXED;
        for (int i = 0; i < addresses.length; i++) {
            kvm_guest_debug_arch.debugreg(registers, i, addresses[i]);
            dr7 |= DR7_FIRST << 2 * i;
        }
        kvm_guest_debug_arch.debugreg(registers, DR7, dr7);
    }
}
