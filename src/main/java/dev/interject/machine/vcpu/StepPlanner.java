package dev.interject.machine.vcpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.GuestDebug;
import dev.interject.kvm.state.QueuedException;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;

/** Finds where a vCPU is and where its next step can end. On the vCPU's thread. */
final class StepPlanner {

    private static final int NMI = 2;

    private static final byte HLT = (byte) 0xf4;
    private static final byte STI = (byte) 0xfb;
    private static final int TRAP_FLAG = 1;
    private static final int NONE = -1;

    private final Vcpu vcpu;
    private final LinearMemory memory;
    private final boolean blocksInterrupts;
    /** The vectors at whose handlers a step ends, in the order of its breakpoints. */
    private final List<Integer> vectors = new ArrayList<>();
    /** The vector that pushes an error code, as an interrupt with the same vector does not; or {@link #NONE}. */
    private int pushesErrorCode = NONE;

    /** @param blocksInterrupts whether the host can block interrupts during a step */
    StepPlanner(Vcpu vcpu, GuestMemory memory, boolean blocksInterrupts) {
        this.vcpu = vcpu;
        this.blocksInterrupts = blocksInterrupts;
        this.memory = new LinearMemory(vcpu, memory);
    }

    /** Whether the next instruction is an HLT that the guest may execute. */
    boolean isAtHalt() {
        return isNext(HLT);
    }

    /** Whether the next instruction is an STI that sets IF, after which interrupts are blocked for one instruction. */
    boolean isAtSti() {
        return !vcpu.registers().interruptFlag() && isNext(STI);
    }

    /** Whether it has this opcode, in ring 0. */
    private boolean isNext(byte opcode) {
        SpecialRegisters special = vcpu.specialRegisters();
        byte[] code = memory.read(special, special.linearOfCode(vcpu.registers().rip()), 1);
        return code.length == 1 && code[0] == opcode && special.ss().dpl() == 0;
    }

    /** A step that also ends at the handler of an NMI, and of the exception and the interrupt that are queued. */
    GuestDebug step(VcpuEvents events) {
        SpecialRegisters special = vcpu.specialRegisters();
        long next = special.linearOfCode(vcpu.registers().rip());
        vectors.clear();
        pushesErrorCode = events.exception()
                .filter(exception -> exception.errorCode().isPresent() && !special.inRealMode())
                .map(QueuedException::vector)
                .orElse(NONE);
        List<Long> breakpoints = new ArrayList<>();
        Set<Integer> delivered = queued(events);
        for (int vector : Stream.concat(Stream.of(NMI), delivered.stream()).distinct().toList()) {
            long handler = handler(special, vector);
            boolean isDeliveredFirst = vector == NMI ? events.nmiComesNext() : delivered.contains(vector);
            if (handler != 0 && (handler != next || isDeliveredFirst)) { // else it would end before the step
                vectors.add(vector);
                breakpoints.add(handler);
            }
        }
        return new GuestDebug(true, blocksInterrupts, breakpoints);
    }

    /** What is delivered before the next instruction, NMIs left out. */
    private static Set<Integer> queued(VcpuEvents events) {
        Set<Integer> vectors = new LinkedHashSet<>();
        events.exception().ifPresent(exception -> vectors.add(exception.vector()));
        if (events.interruptInjected()) {
            vectors.add(events.interruptVector());
        }
        return vectors;
    }

    /** The result of that step. */
    StepResult outcome(DebugStop stop) {
        if (!stop.isBreakpoint()) {
            return new StepResult.Executed();
        }
        int vector = vectors.get(stop.breakpoint());
        hidePushedTrapFlag(vector);
        return new StepResult.Took(vector);
    }

    /** The linear address of a vector's handler; 0 if it has none. Code segments are assumed to be flat. */
    private long handler(SpecialRegisters special, int vector) {
        int size = special.inLongMode() ? 16 : special.inRealMode() ? 4 : 8;
        int offset = vector * size;
        if (offset + size - 1 > special.idt().limit()) {
            return 0;
        }
        byte[] bytes = memory.read(special, special.idt().base() + offset, size);
        if (bytes.length < size) {
            return 0;
        }
        ByteBuffer gate = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long low = Short.toUnsignedLong(gate.getShort(0));
        if (special.inRealMode()) {
            return (Short.toUnsignedLong(gate.getShort(2)) << 4) + low;
        }
        long high = special.inLongMode() ? Integer.toUnsignedLong(gate.getInt(8)) << 32 : 0;
        return high | Short.toUnsignedLong(gate.getShort(6)) << 16 | low;
    }

    /**
     * Takes RFLAGS.TF, by which KVM steps, out of the flags that a vector has just pushed: at its IRET the guest would
     * be trapped, and see it.
     */
    private void hidePushedTrapFlag(int vector) {
        SpecialRegisters special = vcpu.specialRegisters();
        Segment stack = special.ss();
        int width = special.inLongMode() ? Long.BYTES : special.inRealMode() ? Short.BYTES : Integer.BYTES;
        int below = vector == pushesErrorCode ? 3 : 2; // the error code, RIP and CS
        long flags = (special.inLongMode() ? 0 : stack.base()) + vcpu.registers().rsp() + (long) below * width;
        byte[] upper = memory.read(special, flags + 1, 1);
        if (upper.length == 1 && (upper[0] & TRAP_FLAG) != 0) {
            memory.write(special, flags + 1, (byte) (upper[0] & ~TRAP_FLAG));
        }
    }

    /** Moves RIP past the HLT that is next and ends the interrupt shadow. */
    void passHalt() {
        Registers r = vcpu.registers();
        vcpu.setRegisters(r.withRip(r.rip() + 1));
        vcpu.setEvents(vcpu.events().withShadow(false, false));
    }

    /** Sets IF, moves RIP past the STI that is next, and begins the interrupt shadow. */
    void passSti() {
        Registers r = vcpu.registers();
        vcpu.setRegisters(r.withRip(r.rip() + 1).withInterruptFlag(true));
        vcpu.setEvents(vcpu.events().withShadow(true, false));
    }
}
