package dev.interject.experiment.explain;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.CpuFault;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.Return;
import dev.interject.interrupt.delivery.Step;
import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.GuestState;

/**
 * How an interrupt breaks the guest by way of a branch.
 *
 * @param state  before the interrupt
 * @param branch one that breaks the guest
 */
record BranchEnd(GuestState state, Branch branch) {

    /** Gates whose handler takes the interrupt for an exception, reports it, and does not return. */
    private static final Set<GateKind> EXCEPTIONS = Set.of(GateKind.PIC_BASE, GateKind.VECTOR, GateKind.NMI_HANDLER);

    /** What resets a vCPU: the delivery mode INIT. */
    private static final Set<GateKind> MODES = Set.of(GateKind.ICR, GateKind.MESSAGE, GateKind.IOAPIC_MODE);

    /**
     * As the guest or KVM reports it; several where what comes first is not determined.
     *
     * @param queued what the vCPUs take besides
     */
    Set<String> of(QueuedEvents queued) {
        if (breaking().anyMatch(gate -> MODES.contains(gate.kind()))) {
            return Set.of(FateExpectation.reset(branch.to().vcpu()));
        }
        if (breaking().anyMatch(gate -> gate.kind() == GateKind.EVENT_QUEUE)) {
            return queued.ends();
        }
        Stream<String> ofHandler = breaking().filter(gate -> EXCEPTIONS.contains(gate.kind()))
                .map(_ -> FateExpectation.exception(branch.vector()));
        return Set.of(Stream.of(delivery(), ofHandler, iret()).flatMap(ends -> ends).findFirst().orElseThrow());
    }

    private Stream<Gate> breaking() {
        return FateExpectation.closed(branch)
                .filter(gate -> gate.verdict() == Verdict.BREAKS && !FateExpectation.isSpurious(gate));
    }

    private CpuState cpu() {
        return state.seenBy(branch.to().vcpu()).cpu();
    }

    private Stream<String> delivery() {
        Delivery delivery = Delivery.ofInterrupt(cpu(), branch.vector());
        return delivery.steps()
                .stream()
                .filter(this::breaksAt)
                .map(delivery::consequence)
                .map(consequence -> end(consequence, delivery));
    }

    private String end(Optional<Consequence> consequence, Delivery delivery) {
        return isLikeException(delivery) && DoubleFaults.OF_INTERRUPTS.isFound()
                ? QueuedEvents.endByTheManuals(cpu(), branch.vector())
                : text(consequence);
    }

    /** Whether the fault would be a triple one if the interrupt were the double fault. */
    private boolean isLikeException(Delivery delivery) {
        return branch.vector() == CpuException.DOUBLE_FAULT && !delivery.isEntered()
                && delivery.failure().filter(CpuFault.class::isInstance).isPresent();
    }

    /** What of this host's double faults decides the end, in one line; empty if nothing does. */
    Optional<String> departure() {
        return isLikeException(Delivery.ofInterrupt(cpu(), branch.vector())) ? DoubleFaults.OF_INTERRUPTS.text()
                : Optional.empty();
    }

    private Stream<String> iret() {
        Return iret = new Return(cpu(), Delivery.ofInterrupt(cpu(), branch.vector()), RulesOfTheHost.found());
        return iret.steps().stream().filter(this::breaksAt).map(iret::consequence).map(BranchEnd::text);
    }

    private static String text(Optional<Consequence> consequence) {
        return consequence.map(FateExpectation::end).orElse("stray");
    }

    /** Whether the step fails on this host, too. */
    private boolean breaksAt(Step step) {
        return step.failure().isPresent() && breaking().anyMatch(gate -> gate.place().equals(step.place())
                && gate.evidence().equals(step.evidence()));
    }
}
