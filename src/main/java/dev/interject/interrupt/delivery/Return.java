package dev.interject.interrupt.delivery;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.state.CpuState;
import dev.interject.kvm.state.Segment;

/** What a handler's IRET finds in the frame that the CPU pushed (Intel SDM vol. 2A, "IRET/IRETD/IRETQ"). */
public record Return(CpuState cpu, Delivery delivery) {

    private static final long OFFSET_16 = 0xffffL;

    /** The step of the IRET; empty if the handler is a task. */
    public Optional<Step> step() {
        Context to = delivery.interrupted();
        String evidence = switch (to.mode()) {
            case REAL, VIRTUAL_8086 -> "to %04x:0x%x".formatted(to.cs(), to.next());
            case PROTECTED -> loadsStack() ? "CS 0x%02x, SS 0x%02x".formatted(to.cs(), to.ss().selector())
                    : "CS 0x%02x".formatted(to.cs());
            case LONG -> "CS 0x%02x, SS 0x%02x".formatted(to.cs(), to.ss().selector());
        };
        String name = to.mode() == CpuMode.LONG ? "IRETQ" : "IRET";
        return delivery.gate() == GateType.TASK ? Optional.empty()
                : Optional.of(Step.of(Part.RETURN, name, evidence, "the handler can return", failure()));
    }

    private boolean loadsStack() {
        return delivery.interrupted().ring() > delivery.handler().ring();
    }

    /** Why the handler's IRET fails, or the instruction to which it returns. */
    Optional<Failure> failure() {
        return failureOfIret().or(this::failureOfNext);
    }

    /** Where the CPU is when it fails. */
    Context atFailure() {
        return failureOfIret().isPresent() ? delivery.handler() : delivery.interrupted();
    }

    private Optional<Failure> failureOfIret() {
        return failureOfWidth().or(this::fault);
    }

    private Optional<Failure> failureOfNext() {
        return new Memory(cpu).failureOfFetch(DeliveryAddresses.nextInstruction(cpu), delivery.interrupted().ring());
    }

    /** A gate of 16 bits saves 16 bits of EIP, and of ESP where it saves that. */
    private Optional<Failure> failureOfWidth() {
        boolean isNarrow = delivery.interrupted().mode() != CpuMode.LONG && delivery.gate().wordBytes() == Short.BYTES;
        boolean isLost = delivery.interrupted().next() > OFFSET_16
                || loadsStack() && delivery.interrupted().ss().db() && delivery.interrupted().stack() > OFFSET_16;
        return isNarrow && isLost
                ? Optional.of(new Failure.Stray("returns astray: a 16-bit gate saves 16 bits of EIP and ESP"))
                : Optional.empty();
    }

    private Optional<Failure> fault() {
        return switch (delivery.interrupted().mode()) {
            case REAL, VIRTUAL_8086 -> Optional.empty(); // loads no descriptor
            case PROTECTED, LONG -> faultOfSegments().map(fault -> fault);
        };
    }

    private Optional<Fault> faultOfSegments() {
        Context to = delivery.interrupted();
        Descriptors tables = new Descriptors(cpu, 0);
        Optional<Fault> ofCode = CodeSegment.faultOnReturn(tables, to.cs(), delivery.handler().ring(), to.mode());
        if (ofCode.isPresent()) {
            return ofCode;
        }
        Segment code = tables.at(to.cs());
        boolean is64Bit = to.mode() == CpuMode.LONG && code.longMode();
        Optional<Fault> ofStack = to.mode() == CpuMode.LONG || loadsStack()
                ? StackSegment.faultOnReturn(tables, to.ss().selector(), to.cs() & Descriptors.RING, is64Bit)
                : Optional.empty();
        return ofStack.or(() -> faultOfOffset(code, is64Bit));
    }

    private Optional<Fault> faultOfOffset(Segment code, boolean is64Bit) {
        long next = delivery.interrupted().next();
        boolean isValid = is64Bit ? cpu.special().isCanonical(next)
                : next <= Integer.toUnsignedLong(code.limit());
        String reason = is64Bit ? "RIP is not canonical" : "EIP is beyond the limit of CS";
        return isValid ? Optional.empty() : Optional.of(Fault.of(CpuException.GENERAL_PROTECTION, 0, reason));
    }
}
