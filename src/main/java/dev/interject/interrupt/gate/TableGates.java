package dev.interject.interrupt.gate;

import java.util.List;

import dev.interject.interrupt.state.GuestState;

/** The gates in the guest's descriptor tables, which determine a vector's handler and its stack. */
final class TableGates {

    private TableGates() {}

    static void add(List<Gate> gates, GuestState state, int vector) {
        IdtEntry entry = IdtEntry.of(state, vector);
        String place = "IDT, vector 0x%02x".formatted(vector);
        gates.add(entry.isUsable()
                ? Gate.open(GateKind.IDT, place, entry.evidence(), "the handler is present")
                : Gate.breaks(entry.isNoGate() ? GateKind.GATE_TYPE : GateKind.IDT, place, entry.evidence(),
                        "no handler: " + entry.fault(),
                        "have the guest set a present gate for this vector in its IDT, and load the IDT (LIDT)"));
        if (!entry.isUsable() || !state.cpu().special().inLongMode()) {
            return; // other modes are not modelled beyond the entry
        }
        CodeSegment code = CodeSegment.of(state, entry.selector());
        gates.add(code.isUsable()
                ? Gate.open(GateKind.CODE_SEGMENT, "GDT, code segment", code.evidence(), "a usable code segment")
                : Gate.breaks(GateKind.CODE_SEGMENT, "GDT, code segment", code.evidence(),
                        "no handler: " + code.fault(),
                        "have the gate name a present 64-bit code segment of the GDT"));
        if (code.isUsable()) {
            StackGates.add(gates, state, entry);
        }
    }
}
