package dev.interject.interrupt.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.Segment;

/**
 * What a handler's IRET finds in the frame that the CPU pushed (Intel SDM vol. 2A, "IRET/IRETD/IRETQ").
 *
 * @param rules those of the host
 */
public record Return(CpuState cpu, Delivery delivery, HostRules rules) {

    private static final long OFFSET_16 = 0xffffL;

    /** The steps of the IRET; none if the handler is a task. */
    public List<Step> steps() {
        if (delivery.gate() == GateType.TASK) {
            return List.of();
        }
        Optional<Failure> ofRights = faultOfRights().map(fault -> fault);
        Optional<Failure> other = failureOfIret().or(this::failureOfNext);
        List<Step> steps = new ArrayList<>();
        if (ofRights.isPresent()) {
            steps.add(step(StepKind.RETURN_RIGHTS, ofRights));
        }
        if (ofRights.isEmpty() || other.isPresent()) {
            steps.add(step(StepKind.RETURN, other));
        }
        return steps;
    }

    private Step step(StepKind kind, Optional<Failure> failure) {
        Context to = delivery.interrupted();
        String evidence = switch (to.mode()) {
            case REAL, VIRTUAL_8086 -> "to %04x:0x%x".formatted(to.cs(), to.next());
            case PROTECTED -> loadsStack() ? "CS 0x%02x, SS 0x%02x".formatted(to.cs(), to.ss().selector())
                    : "CS 0x%02x".formatted(to.cs());
            case LONG -> "CS 0x%02x, SS 0x%02x".formatted(to.cs(), to.ss().selector());
        };
        return Step.of(kind, to.mode() == CpuMode.LONG ? "IRETQ" : "IRET", evidence, "the handler can return", failure);
    }

    /** Why the handler's IRET, or the instruction to which it returns, fails. */
    Optional<Failure> failure() {
        return firstThatFails().flatMap(Step::failure);
    }

    Optional<Step> firstThatFails() {
        return steps().stream().filter(step -> step.failure().isPresent()).findFirst();
    }

    /** What follows from the failure of a step; empty if it succeeds. */
    public Optional<Consequence> consequence(Step step) {
        return step.failure()
                .map(failure -> Consequence.of(cpu, failure,
                        isRaisedByIret(step) ? delivery.handler() : delivery.interrupted(), OptionalInt.empty()));
    }

    /** Whether IRET itself fails there, not the instruction to which it returns. */
    public boolean isRaisedByIret(Step step) {
        return step.kind() == StepKind.RETURN_RIGHTS || failureOfIret().isPresent();
    }

    private Optional<Failure> failureOfIret() {
        return failureOfWidth().or(this::fault);
    }

    private Optional<Failure> failureOfNext() {
        if (cpu.lacks(Piece.INSTRUCTION_POINTER)) {
            return Optional.of(new Failure.Unknown(Piece.INSTRUCTION_POINTER));
        }
        return new Memory(cpu).failureOfFetch(cpu.special().linearOfCode(cpu.registers().rip()),
                delivery.interrupted().ring());
    }

    /** Outside long mode, IRET loads SS only where it changes the ring. */
    private boolean loadsStack() {
        return delivery.interrupted().mode() == CpuMode.LONG
                || delivery.interrupted().ring() > delivery.handler().ring();
    }

    /** A gate of 16 bits saves 16 bits of EIP and EFLAGS, and of ESP where it saves that. */
    private Optional<Failure> failureOfWidth() {
        boolean isNarrow = delivery.interrupted().mode() != CpuMode.LONG && delivery.gate().wordBytes() == Short.BYTES;
        if (isNarrow && delivery.interrupted().mode() == CpuMode.VIRTUAL_8086) {
            return CodeSegment.missingOnReturn(tables(), delivery.interrupted().cs())
                    .or(() -> Optional.of(new Failure.NoException(
                            "a 16-bit gate saves 16 bits of EFLAGS, without VM")));
        }
        boolean isLost = delivery.interrupted().next() > OFFSET_16
                || delivery.interrupted().ring() > delivery.handler().ring() && delivery.interrupted().ss().db()
                        && delivery.interrupted().stack() > OFFSET_16;
        return isNarrow && isLost
                ? Optional.of(new Failure.NoException("a 16-bit gate saves 16 bits of EIP and ESP"))
                : Optional.empty();
    }

    /** Real and virtual-8086 mode load no descriptor. */
    private boolean loadsDescriptors() {
        return delivery.interrupted().mode() == CpuMode.PROTECTED || delivery.interrupted().mode() == CpuMode.LONG;
    }

    private Descriptors tables() {
        return new Descriptors(cpu, 0);
    }

    private boolean is64Bit(Segment code) {
        return delivery.interrupted().mode() == CpuMode.LONG && code.longMode();
    }

    private Optional<CpuFault> faultOfRights() {
        Context to = delivery.interrupted();
        if (!loadsDescriptors() || CodeSegment.missingOnReturn(tables(), to.cs()).isPresent()) {
            return Optional.empty();
        }
        Segment code = tables().at(to.cs());
        int ss = to.ss().selector();
        boolean hasStack = loadsStack() && !Descriptors.isNull(ss)
                && tables().missing(ss, CpuException.GENERAL_PROTECTION).isEmpty();
        return CodeSegment.faultOfTypeOnReturn(code, to.cs(), to.mode())
                .or(() -> hasStack ? StackSegment.faultOfTypeOnReturn(tables().at(ss), ss) : Optional.empty());
    }

    private Optional<Failure> fault() {
        if (!loadsDescriptors()) {
            return Optional.empty();
        }
        Context to = delivery.interrupted();
        Optional<Failure> missing = CodeSegment.missingOnReturn(tables(), to.cs());
        if (missing.isPresent()) {
            return missing;
        }
        Segment code = tables().at(to.cs());
        Optional<Failure> ofCode =
                CodeSegment.faultOnReturn(code, to.cs(), delivery.handler().ring()).map(fault -> fault);
        return ofCode.or(() -> loadsStack() ? faultOfStack(is64Bit(code)) : Optional.empty())
                .or(() -> faultOfOffset(code));
    }

    private Optional<Failure> faultOfStack(boolean is64Bit) {
        int selector = delivery.interrupted().ss().selector();
        int ring = delivery.interrupted().cs() & Descriptors.RING;
        return StackSegment.missingOnReturn(tables(), selector, ring, is64Bit, rules)
                .or(() -> Descriptors.isNull(selector) ? Optional.empty()
                        : StackSegment.faultOnReturn(tables().at(selector), selector, ring, rules));
    }

    /** Nothing of an instruction pointer that is not known: {@link #failureOfNext} says so. */
    private Optional<CpuFault> faultOfOffset(Segment code) {
        if (cpu.lacks(Piece.INSTRUCTION_POINTER)) {
            return Optional.empty();
        }
        long next = delivery.interrupted().next();
        boolean isValid = is64Bit(code) ? cpu.special().isCanonical(next)
                : next <= Integer.toUnsignedLong(code.limit());
        String reason = is64Bit(code) ? "RIP is not canonical" : "EIP is beyond the limit of CS";
        return isValid ? Optional.empty() : Optional.of(CpuFault.of(CpuException.GENERAL_PROTECTION, 0, reason));
    }
}
