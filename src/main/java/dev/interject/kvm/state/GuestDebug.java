package dev.interject.kvm.state;

import java.util.Arrays;
import java.util.List;

/**
 * How a guest is debugged from outside ({@code KVM_SET_GUEST_DEBUG}); a run then ends with {@code KVM_EXIT_DEBUG}.
 *
 * <p>Where a step ends when an interrupt is taken in the middle of it depends on the back-end; api.rst does not define
 * it. KVM steps with RFLAGS.TF, which it hides from {@code KVM_GET_REGS}. An interrupt pushes and clears that flag, so
 * that on VMX and SVM the whole handler is one step, unless there is a breakpoint at its first instruction. VMX also
 * enters a stepped guest without the shadow of STI and MOV SS.
 *
 * @param step        whether the run ends after the next instruction
 * @param blocked     whether KVM injects no interrupt meanwhile that was not queued before
 * @param breakpoints linear addresses before whose instruction the run ends; at most {@value #MOST_BREAKPOINTS}
 */
public record GuestDebug(boolean step, boolean blocked, List<Long> breakpoints) {

    /** How many addresses the debug registers hold: DR0 to DR3. */
    public static final int MOST_BREAKPOINTS = 4;

    /** No debugging: the guest runs freely and its own debug registers are in force. */
    public static final GuestDebug OFF = new GuestDebug(false, false, List.of());

    /**
     * Checks the number of breakpoints.
     *
     * @throws IllegalArgumentException if there are more than {@value #MOST_BREAKPOINTS}
     */
    public GuestDebug {
        breakpoints = List.copyOf(breakpoints);
        if (breakpoints.size() > MOST_BREAKPOINTS) {
            throw new IllegalArgumentException(
                    "at most %d breakpoints, not %d".formatted(MOST_BREAKPOINTS, breakpoints.size()));
        }
    }

    /** Stops after the next instruction, or before the one at any of these linear addresses, at most four. */
    public static GuestDebug singleStep(long... breakpoints) {
        return new GuestDebug(true, false, Arrays.stream(breakpoints).boxed().toList());
    }

    /** Stops before the instruction at this linear address, even where the guest is there already. */
    public static GuestDebug breakAt(long address) {
        return breakAt(List.of(address));
    }

    /** Stops before the instruction at any of these linear addresses, at most four. */
    public static GuestDebug breakAt(List<Long> addresses) {
        return new GuestDebug(false, false, addresses);
    }

    /** The same without breakpoints. */
    public GuestDebug withoutBreakpoints() {
        return new GuestDebug(step, blocked, List.of());
    }
}
