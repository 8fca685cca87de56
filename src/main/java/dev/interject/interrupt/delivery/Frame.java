package dev.interject.interrupt.delivery;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.CpuState;
import dev.interject.kvm.state.Segment;

/**
 * What the CPU pushes before it enters a handler (Intel SDM vol. 3A, "Exception- or Interrupt-Handler Procedures",
 * "64-Bit Mode Stack Frame").
 *
 * @param name      the stack's name, such as {@code RSP}
 * @param ss        the stack segment; without effect in long mode
 * @param top       the stack pointer before the first push
 * @param words     how many values it pushes
 * @param wordBytes the size of each
 * @param ring      of the handler
 * @param selector  what the error code of a stack fault names; 0 for the current stack
 */
record Frame(CpuState cpu, CpuMode mode, String name, Segment ss, long top, int words, int wordBytes, int ring,
        int selector) {

    static final int ALIGNMENT = 16;
    private static final long OFFSET_16 = 0xffffL;
    private static final long OFFSET_32 = 0xffff_ffffL;

    /** The stack pointer after the last push. */
    long bottom() {
        return offset(words);
    }

    /** The stack pointer after some pushes. */
    private long offset(int pushes) {
        long offset = top - (long) pushes * wordBytes;
        return mode == CpuMode.LONG ? offset : offset & mask();
    }

    private long mask() {
        return ss.db() ? OFFSET_32 : OFFSET_16;
    }

    private long linear(long offset) {
        return mode == CpuMode.LONG ? offset : ss.base() + offset & OFFSET_32;
    }

    /** Why the segment or the form of the address leaves no room. */
    Optional<CpuFault> faultOfRoom() {
        if (fits()) {
            return Optional.empty();
        }
        String reason = mode == CpuMode.LONG ? "the address is not canonical" : "outside the stack segment";
        return Optional.of(mode.hasErrorCodes()
                ? CpuFault.ofSelector(CpuException.STACK_FAULT, selector, CpuFault.EXTERNAL, reason)
                : CpuFault.withoutCode(CpuException.STACK_FAULT, reason));
    }

    private boolean fits() {
        if (mode == CpuMode.LONG) {
            return cpu.special().isCanonical(bottom()) && cpu.special().isCanonical(top - 1);
        }
        for (int push = 1; push <= words; push++) {
            if (!isInside(offset(push))) {
                return false;
            }
        }
        return true;
    }

    /** Intel SDM vol. 3A, "Limit Checking". */
    private boolean isInside(long offset) {
        long limit = Integer.toUnsignedLong(ss.limit());
        long last = offset + wordBytes - 1;
        return Descriptors.expandsDown(ss) ? offset > limit && last <= mask() : last <= limit;
    }

    /** Why a page does not take the pushes. A frame lies in two pages at most. */
    Optional<Failure> failureOfPages() {
        Memory memory = new Memory(cpu);
        return memory.failureOfPush(linear(offset(1)) + wordBytes - 1, ring)
                .or(() -> memory.failureOfPush(linear(bottom()), ring));
    }

    /** Whether its pages were read, or are some that the state lacks. */
    boolean isChecked() {
        return new Memory(cpu).isChecked(linear(offset(1)));
    }

    String place() {
        return "stack, " + name;
    }

    String evidence() {
        return "0x%x to 0x%x".formatted(linear(bottom()), linear(offset(1)) + wordBytes - 1);
    }
}
