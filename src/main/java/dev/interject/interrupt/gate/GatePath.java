package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Optional;

/**
 * The gates that an interrupt passes, in order.
 *
 * @param vector the vector at which it would arrive, or -1 if it cannot arrive
 */
public record GatePath(int vector, List<Gate> gates) {

    /** Whether it ends at a vector; otherwise no interrupt can arrive. */
    public boolean leadsToAVector() {
        return vector >= 0;
    }

    public GatePath {
        gates = List.copyOf(gates);
    }

    /** The first gate that forbids the interrupt; one that stays closed precedes one that the guest may open. */
    public Optional<Gate> firstThatForbids() {
        return firstThatStaysClosed().or(() -> first(Verdict.NOT_NOW));
    }

    /** Whether a gate forbids it that does not open by waiting. */
    public boolean isForbiddenForever() {
        return firstThatStaysClosed().isPresent();
    }

    private Optional<Gate> firstThatStaysClosed() {
        return gates.stream()
                .filter(gate -> gate.verdict().forbids() && gate.verdict() != Verdict.NOT_NOW)
                .findFirst();
    }

    /** A copy for a host that is known to ignore this kind of gate. */
    public GatePath withOpen(GateKind kind, String meaning) {
        return new GatePath(vector, gates.stream()
                .map(gate -> gate.kind() == kind ? Gate.open(kind, gate.place(), gate.evidence(), meaning) : gate)
                .toList());
    }

    /** Whether no vCPU can receive the interrupt: none has the APIC ID, or the guest has not started the target. */
    public boolean reachesNoVcpu() {
        return gates.stream()
                .anyMatch(gate -> !gate.isOpen()
                        && (gate.kind() == GateKind.APIC_ID || gate.kind() == GateKind.ACTIVITY));
    }

    /** What would become of the interrupt. */
    public Prediction prediction() {
        return Prediction.of(this);
    }

    /** Whether any gate has this verdict. */
    public boolean has(Verdict verdict) {
        return first(verdict).isPresent();
    }

    private Optional<Gate> first(Verdict verdict) {
        return gates.stream().filter(gate -> gate.verdict() == verdict).findFirst();
    }

    /** The first gate that changes what happens to the interrupt. */
    Optional<Gate> firstThatDecides() {
        return gates.stream().filter(gate -> !gate.isOpen() && gate.verdict() != Verdict.NOT_PORTABLE).findFirst();
    }

    /** The first gate that is not open. */
    public Optional<Gate> firstThatIsNotOpen() {
        return gates.stream().filter(gate -> !gate.isOpen()).findFirst();
    }
}
