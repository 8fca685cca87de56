package dev.interject.interrupt.gate;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.interrupt.gate.Prediction.Fate;

/**
 * One of the ways on which a request reaches a CPU. Most paths have one; a line that is routed to the 8259s and to the
 * IOAPIC has two, and a message to several vCPUs has one for each.
 *
 * @param input  the input of the interrupt controllers where it begins
 * @param to     the vCPU
 * @param vector the vector at which it would arrive, 0–255; -1 if it is not known
 * @param gates  the gates that are on this branch only, in the order in which the interrupt meets them
 */
public record Branch(Input input, BranchTarget to, int vector, List<Gate> gates) {

    private static final List<Fate> BY_WEIGHT = List.of(Fate.BREAKS, Fate.TAKEN, Fate.UNKNOWN, Fate.WAITS,
            Fate.MERGES, Fate.MISROUTED, Fate.DROPPED);

    /** An interrupt for several vCPUs is taken when each has taken it; one that ignores it does not count. */
    private static final List<Fate> BY_DELAY = List.of(Fate.BREAKS, Fate.WAITS, Fate.MERGES, Fate.UNKNOWN,
            Fate.TAKEN, Fate.MISROUTED, Fate.DROPPED);

    public Branch {
        gates = List.copyOf(gates);
    }

    /** What would happen to the interrupt on this branch alone. */
    public Prediction prediction() {
        Optional<Gate> first = firstThatDecides();
        List<Gate> unknown = gates.stream().filter(Gate::isUnknown).toList();
        Fate fate = first.map(gate -> fate(gate.verdict())).orElse(unknown.isEmpty() ? Fate.TAKEN : Fate.UNKNOWN);
        boolean arrives = fate == Fate.TAKEN || fate == Fate.BREAKS
                || first.filter(Branch::isForwarded).isPresent() && closed().count() == 1;
        Optional<Gate> coalesces =
                gates.stream().filter(gate -> fate == Fate.MERGES && gate.verdict() == Verdict.COALESCES).findFirst();
        return new Prediction(fate, coalesces.or(() -> first).or(() -> unknown.stream().findFirst()), holder(fate),
                unknown, arrives ? List.of(new Arrival(List.of(to.vcpu()), vector)) : List.of());
    }

    /** The gate that holds an earlier one, which is pending. */
    private Optional<Gate> holder(Fate fate) {
        boolean isOnePending = (fate == Fate.MERGES || fate == Fate.DROPPED) && has(Verdict.COALESCES);
        return gates.stream()
                .filter(gate -> isOnePending && (gate.verdict() == Verdict.HOLDS || gate.verdict() == Verdict.NOT_NOW))
                .findFirst();
    }

    /** @param decisive the verdict of the first gate that changes what happens */
    private Fate fate(Verdict decisive) {
        return switch (decisive) {
            case OPEN, NOT_PORTABLE, UNKNOWN -> throw new IllegalStateException("this verdict decides nothing");
            case COALESCES -> Fate.MERGES;
            case HOLDS, NOT_NOW -> has(Verdict.COALESCES) ? Fate.MERGES : Fate.WAITS;
            case DROPS -> Fate.DROPPED;
            case MISROUTED -> Fate.MISROUTED;
            case BREAKS -> Fate.BREAKS;
        };
    }

    /** The gates up to the first that decides, with it; all of them if none does. */
    public List<Gate> reachedGates() {
        return firstThatDecides().map(gate -> gates.subList(0, gates.indexOf(gate) + 1)).orElse(gates);
    }

    /** What breaks the guest does so when the CPU takes the interrupt; what keeps it from the CPU comes before. */
    private Optional<Gate> firstThatDecides() {
        Optional<Gate> first = closed().filter(Branch::isBeforeTheCpu).findFirst().or(() -> closed().findFirst());
        return first.filter(Branch::isForwarded).isEmpty() ? first
                : closed().skip(1).findFirst().filter(gate -> gate.verdict() == Verdict.BREAKS).or(() -> first);
    }

    private static boolean isBeforeTheCpu(Gate gate) {
        return switch (gate.verdict()) {
            case HOLDS, DROPS, NOT_NOW, MISROUTED -> true;
            case OPEN, COALESCES, NOT_PORTABLE, BREAKS, UNKNOWN -> false;
        };
    }

    private Stream<Gate> closed() {
        return gates.stream().filter(Gate::decides);
    }

    /** A request that falls too early becomes a spurious interrupt of the 8259; others that are misrouted end there. */
    private static boolean isForwarded(Gate gate) {
        return gate.verdict() == Verdict.MISROUTED && gate.kind() == GateKind.WIRE;
    }

    private boolean has(Verdict verdict) {
        return gates.stream().anyMatch(gate -> gate.verdict() == verdict);
    }

    /** The first gate that forbids an interrupt permanently. What lies behind a mask, or behind a drop, is not met. */
    Optional<Gate> firstThatStaysClosed() {
        return gates.stream()
                .takeWhile(gate -> !keepsAway(gate))
                .filter(gate -> gate.verdict().forbids() && gate.verdict() != Verdict.NOT_NOW)
                .findFirst();
    }

    static boolean keepsAway(Gate gate) {
        return gate.verdict() == Verdict.DROPS || gate.kind() == GateKind.PIC_IMR && !gate.isOpen();
    }

    /**
     * How much this branch says of the whole, 0 most. One that the guest has masked says least: it uses another
     * controller.
     */
    int rank() {
        Prediction prediction = prediction();
        int weight = BY_WEIGHT.indexOf(prediction.fate());
        boolean isMasked = prediction.heldBy()
                .filter(_ -> prediction.fate() == Fate.MERGES)
                .or(prediction::because)
                .filter(Branch::isMask)
                .isPresent();
        return isMasked ? BY_WEIGHT.size() + weight : weight;
    }

    /** How much this branch says of the same interrupt's branches to other vCPUs, 0 most. */
    int delay() {
        return BY_DELAY.indexOf(prediction().fate());
    }

    /** Whether the vCPU takes it, now or in the end. */
    public boolean isAccepted() {
        return switch (prediction().fate()) {
            case TAKEN, UNKNOWN, WAITS, MERGES, BREAKS -> true;
            case DROPPED, MISROUTED -> false;
        };
    }

    private static boolean isMask(Gate gate) {
        return gate.kind() == GateKind.PIC_IMR || gate.kind() == GateKind.IOAPIC_MASK;
    }

    /** The same with every gate of this kind open. */
    Branch withOpen(GateKind kind, String meaning) {
        return new Branch(input, to, vector, gates.stream()
                .map(gate -> gate.kind() == kind ? Gate.open(kind, gate.place(), gate.evidence(), meaning) : gate)
                .toList());
    }

    Stream<Gate> breaking() {
        return firstThatStaysClosed().filter(gate -> gate.verdict() == Verdict.BREAKS).stream();
    }
}
