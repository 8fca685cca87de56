package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Optional;

import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.Fault;
import dev.interject.interrupt.delivery.IdtEntry;
import dev.interject.interrupt.delivery.Part;
import dev.interject.interrupt.delivery.Return;
import dev.interject.interrupt.delivery.Step;
import dev.interject.interrupt.state.GuestState;

/** The gates of the CPU's part: the vector's entry, its handler and stack, and the handler's way back. */
final class TableGates {

    private TableGates() {}

    static void add(List<Gate> gates, GuestState state, int vector) {
        Delivery delivery = Delivery.ofInterrupt(state.cpu(), vector);
        GateKind ofEntry = IdtEntry.of(state.cpu(), vector).isNoGate() ? GateKind.GATE_TYPE : GateKind.IDT;
        delivery.steps()
                .forEach(step -> gates.add(gate(step.part() == Part.ENTRY ? ofEntry : kind(step.part()), step,
                        Consequence.of(state.cpu(), delivery))));
        if (delivery.failure().isEmpty()) {
            Return iret = new Return(state.cpu(), delivery);
            iret.step().ifPresent(step -> gates.add(gate(kind(Part.RETURN), step, Consequence.of(state.cpu(), iret))));
        }
    }

    private static Gate gate(GateKind kind, Step step, Optional<Consequence> consequence) {
        return step.failure()
                .map(failure -> Gate.breaks(kind, step.place(), step.evidence(),
                        introduction(step) + failure + consequence.map(Consequence::text).orElse(""), fix(step.part())))
                .orElseGet(() -> Gate.open(kind, step.place(), step.evidence(), step.meaning()));
    }

    private static String introduction(Step step) {
        boolean isFault = step.failure().filter(Fault.class::isInstance).isPresent();
        return switch (step.part()) {
            case HANDLER -> "the handler's first instruction cannot be fetched: ";
            case RETURN -> isFault ? "the handler runs, and its IRET raises " : "the handler runs, and its IRET ";
            case ENTRY, CODE_SEGMENT, TASK, STACK_OF_TSS, FRAME -> "";
        };
    }

    private static GateKind kind(Part part) {
        return switch (part) {
            case ENTRY -> GateKind.IDT;
            case CODE_SEGMENT -> GateKind.CODE_SEGMENT;
            case TASK -> GateKind.TASK;
            case STACK_OF_TSS -> GateKind.STACK;
            case FRAME -> GateKind.STACK_PAGE;
            case HANDLER -> GateKind.HANDLER_PAGE;
            case RETURN -> GateKind.RETURN;
        };
    }

    private static String fix(Part part) {
        return switch (part) {
            case ENTRY -> "have the guest set a present gate for this vector in its IDT, and load the IDT (LIDT)";
            case CODE_SEGMENT -> "have the gate name a present code segment of the GDT, in 64-bit mode one of 64 bits";
            case TASK -> "have the task gate name a free TSS of the GDT";
            case STACK_OF_TSS -> "have the guest set this stack in its TSS, and load TR";
            case FRAME -> "have the guest map this page writable, or load a valid stack pointer";
            case HANDLER -> "have the guest map the handler's page executable, at the address that its gate names";
            case RETURN -> "have the guest keep the descriptors of its CS and SS in the GDT, or load others";
        };
    }
}
