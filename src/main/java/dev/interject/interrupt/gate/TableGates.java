package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Optional;

import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.CpuFault;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.ErrorCodes;
import dev.interject.interrupt.delivery.Failure;
import dev.interject.interrupt.delivery.Return;
import dev.interject.interrupt.delivery.Step;
import dev.interject.interrupt.delivery.StepKind;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.interrupt.state.Piece;

/** The gates of the CPU's part: the vector's entry, its handler and stack, and the handler's way back. */
final class TableGates {

    private TableGates() {}

    /** @param ofVector the piece that the vector depends on; only looked at if the vector is not known */
    static void add(List<Gate> gates, GuestState state, int vector, Piece ofVector) {
        if (vector == GatePath.NO_VECTOR) {
            addUnknown(gates, ofVector);
        } else {
            add(gates, state, vector);
        }
    }

    static void add(List<Gate> gates, GuestState state, int vector) {
        addDelivery(gates, state, vector);
        addReturn(gates, state, vector);
    }

    /** Without a vector, none of these gates is known: the first stands for all. */
    static void addUnknown(List<Gate> gates, Piece ofVector) {
        gates.add(Gate.unknown(GateKind.IDT, "IDT", "vector not known", ofVector));
    }

    /** Up to the handler's first instruction. */
    static void addDelivery(List<Gate> gates, GuestState state, int vector) {
        Delivery delivery = Delivery.ofInterrupt(state.cpu(), vector);
        ErrorCodes codes = ErrorCodes.of(state);
        delivery.steps()
                .forEach(
                        step -> gates.add(gate(step, introduction(step, delivery), delivery.consequence(step), codes)));
    }

    /** The handler's IRET; nothing if the handler is not reached. */
    static void addReturn(List<Gate> gates, GuestState state, int vector) {
        Delivery delivery = Delivery.ofInterrupt(state.cpu(), vector);
        ErrorCodes codes = ErrorCodes.of(state);
        if (delivery.reachesHandler()) {
            Return iret = new Return(state.cpu(), delivery, state.hostRules());
            iret.steps()
                    .forEach(step -> gates.add(gate(step, introduction(step, iret), iret.consequence(step), codes)));
        }
    }

    private static Gate gate(Step step, String introduction, Optional<Consequence> consequence,
            ErrorCodes codes) {
        GateKind kind = kind(step.kind());
        if (step.failure().orElse(null) instanceof Failure.Unknown(Piece piece)) {
            return Gate.unknown(kind, step.place(), step.evidence(), piece);
        }
        if (step.failure().isPresent() && isUnchecked(step.kind(), codes.rules())) {
            return Gate.open(kind, step.place(), step.evidence(),
                    "a fault by the manuals; this host does not check it");
        }
        return step.failure()
                .map(failure -> Gate.breaks(kind, step.place(), step.evidence(),
                        introduction + codes.of(failure)
                                + consequence.map(codes::of).map(Consequence::text).orElse(""),
                        fix(step.kind())))
                .orElseGet(() -> Gate.open(kind, step.place(), step.evidence(), step.meaning()));
    }

    /** An offset that is not valid fails before the handler is entered. */
    private static String introduction(Step step, Delivery delivery) {
        return step.kind() == StepKind.HANDLER && delivery.isEntered()
                ? "the handler's first instruction cannot be fetched: "
                : "";
    }

    private static String introduction(Step step, Return iret) {
        if (step.failure().filter(CpuFault.class::isInstance).isEmpty()) {
            return "the handler runs, but cannot return: ";
        }
        return iret.isRaisedByIret(step) ? "the handler runs, and its IRET raises "
                : "the handler runs and returns, and the next instruction raises ";
    }

    private static GateKind kind(StepKind kind) {
        return switch (kind) {
            case ENTRY -> GateKind.IDT;
            case GATE_TYPE -> GateKind.GATE_TYPE;
            case REAL_MODE_LIMIT -> GateKind.REAL_MODE_LIMIT;
            case CODE_SEGMENT -> GateKind.CODE_SEGMENT;
            case SEGMENT_RIGHTS -> GateKind.SEGMENT_RIGHTS;
            case TASK -> GateKind.TASK;
            case TSS_LIMIT -> GateKind.TSS_LIMIT;
            case STACK_OF_TSS -> GateKind.STACK;
            case STACK_LIMIT -> GateKind.STACK_LIMIT;
            case FRAME -> GateKind.STACK_PAGE;
            case HANDLER -> GateKind.HANDLER_PAGE;
            case RETURN_RIGHTS -> GateKind.RETURN_RIGHTS;
            case RETURN -> GateKind.RETURN;
        };
    }

    private static boolean isUnchecked(StepKind kind, HostRules rules) {
        return switch (kind) {
            case GATE_TYPE -> rules.has(Departure.UNCHECKED_GATE_TYPE);
            case REAL_MODE_LIMIT -> rules.has(Departure.UNCHECKED_REAL_MODE_LIMIT);
            case SEGMENT_RIGHTS -> rules.has(Departure.UNCHECKED_SEGMENT_RIGHTS);
            case TSS_LIMIT -> rules.has(Departure.UNCHECKED_TSS_LIMIT);
            case STACK_LIMIT -> rules.has(Departure.UNCHECKED_STACK_LIMIT);
            case RETURN_RIGHTS -> rules.has(Departure.UNCHECKED_RETURN_RIGHTS);
            case ENTRY, CODE_SEGMENT, TASK, STACK_OF_TSS, FRAME, HANDLER, RETURN -> false;
        };
    }

    private static String fix(StepKind kind) {
        return switch (kind) {
            case ENTRY, GATE_TYPE ->
                "have the guest set a present gate for this vector in its IDT, and load the IDT (LIDT)";
            case REAL_MODE_LIMIT -> "have the guest load a longer vector table (LIDT)";
            case CODE_SEGMENT, SEGMENT_RIGHTS ->
                "have the gate name a present code segment of the GDT, in 64-bit mode one of 64 bits";
            case TASK -> "have the task gate name a free TSS of the GDT";
            case TSS_LIMIT, STACK_OF_TSS -> "have the guest set this stack in its TSS, and load TR";
            case STACK_LIMIT -> "have the guest keep its stack pointer within the limit of SS; in real mode, even";
            case FRAME -> "have the guest map this page writable, or load a valid stack pointer";
            case HANDLER -> "have the guest map the handler's page executable, at the address that its gate names";
            case RETURN_RIGHTS, RETURN ->
                "have the guest keep the descriptors of its CS and SS in the GDT, or load others";
        };
    }
}
