package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Optional;

/**
 * The gates that one interrupt meets, in the order in which it meets them.
 *
 * @param vector the vector that it would arrive at, or -1 where there is none
 */
public record GatePath(int vector, List<Gate> gates) {

    /** Whether it leads anywhere at all: without a vector nothing can arrive. */
    public boolean leadsToAVector() {
        return vector >= 0;
    }

    public GatePath {
        gates = List.copyOf(gates);
    }

    /** The first gate for which the interrupt is to be refused; one that no waiting opens before one that may open. */
    public Optional<Gate> firstThatForbids() {
        return firstForGood().or(() -> first(Verdict.NOT_NOW));
    }

    /** Whether it is forbidden, and no waiting changes that. */
    public boolean breaksForGood() {
        return firstForGood().isPresent();
    }

    private Optional<Gate> firstForGood() {
        return gates.stream()
                .filter(gate -> gate.verdict().forbids() && gate.verdict() != Verdict.NOT_NOW)
                .findFirst();
    }

    /** The same where a host is known not to look at such a gate. */
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

    /** Whether any gate says so. */
    public boolean has(Verdict verdict) {
        return first(verdict).isPresent();
    }

    private Optional<Gate> first(Verdict verdict) {
        return gates.stream().filter(gate -> gate.verdict() == verdict).findFirst();
    }

    /** The first gate that keeps the interrupt from being taken as it is meant to. */
    Optional<Gate> firstThatDecides() {
        return gates.stream().filter(gate -> !gate.isOpen() && gate.verdict() != Verdict.NOT_PORTABLE).findFirst();
    }

    /** The first gate that does not simply let the interrupt through. */
    public Optional<Gate> firstThatIsNotOpen() {
        return gates.stream().filter(gate -> !gate.isOpen()).findFirst();
    }
}
