package dev.interject.interrupt.gate;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.ErrorCodes;
import dev.interject.interrupt.delivery.Failure;
import dev.interject.interrupt.delivery.GateType;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.QueuedException;
import dev.interject.kvm.state.VcpuEvents;

/**
 * The events that a vCPU takes before an interrupt, in KVM's order: an exception, an NMI or interrupt that is queued
 * already, an SMI, a pending NMI (api.rst, "KVM_GET_VCPU_EVENTS"; Intel SDM vol. 3A, "Prioritization of Concurrent
 * Events").
 */
final class QueueGate {

    private static final String PLACE = "vCPU, event queue";
    private static final String LET_IT_RUN = "let the guest run: what is queued is delivered at the next VM entry";

    private QueueGate() {}

    /** @param closed the verdict while the guest cannot take interrupts: whether KVM holds one or nothing does */
    static Gate of(GuestState state, Verdict closed) {
        CpuState cpu = state.cpu();
        VcpuEvents events = cpu.events();
        if (state.lacks(Piece.EVENTS)) {
            return Gate.unknown(GateKind.EVENT_QUEUE, PLACE, Piece.EVENTS);
        }
        if (events.exception().isPresent()) {
            QueuedException exception = events.exception().get();
            return gate(state, Delivery.ofException(cpu, exception.vector()), evidence(exception), "this exception",
                    closed);
        }
        if (events.interruptInjected() && closed == Verdict.NOT_NOW) {
            return Gate.of(closed, GateKind.EVENT_QUEUE, PLACE, vector(events),
                    "an interrupt is already queued; a second KVM_INTERRUPT would overwrite it",
                    "let the guest run: the queued interrupt is delivered at the next VM entry");
        }
        if (events.interruptInjected()) {
            return gate(state, Delivery.ofInterrupt(cpu, events.interruptVector()), vector(events), "this interrupt",
                    closed);
        }
        if (events.smiPending()) {
            return closed(closed, "SMI", "a system-management interrupt is delivered first");
        }
        return events.nmiComesNext()
                ? gate(state, Delivery.ofInterrupt(cpu, CpuException.NMI), "NMI", "an NMI", closed)
                : Gate.open(GateKind.EVENT_QUEUE, PLACE, "empty", "nothing is queued");
    }

    /** The gate of an event that is delivered first. */
    private static Gate gate(GuestState state, Delivery delivery, String evidence, String event, Verdict closed) {
        boolean keepsFlag = delivery.entered().filter(GateType::keepsInterruptFlag).isPresent();
        String first = event + " is delivered first; ";
        String follows = first + "a trap gate keeps IF, so the interrupt follows at once";
        return breaking(state, delivery, evidence, event).orElseGet(() -> closed == Verdict.HOLDS && keepsFlag
                ? Gate.open(GateKind.EVENT_QUEUE, PLACE, evidence, follows)
                : closed(closed, evidence, keepsFlag ? follows : first + "its handler runs with IF = 0"));
    }

    /**
     * The gate of an NMI while an exception is queued, which the NMI follows at once, or an NMI that cannot be
     * delivered; empty otherwise.
     */
    static Optional<Gate> ofNmi(GuestState state) {
        CpuState cpu = state.cpu();
        if (cpu.events().exception().isEmpty()) {
            return cpu.events().nmiInjected()
                    ? breaking(state, Delivery.ofInterrupt(cpu, CpuException.NMI), "NMI", "an NMI")
                    : Optional.empty();
        }
        QueuedException exception = cpu.events().exception().get();
        return Optional.of(
                breaking(state, Delivery.ofException(cpu, exception.vector()), evidence(exception), "this exception")
                        .orElseGet(() -> Gate.open(GateKind.EVENT_QUEUE, PLACE, evidence(exception),
                                "this exception is delivered first, and the NMI before its handler")));
    }

    /** The gate of an event that does not reach a handler. */
    private static Optional<Gate> breaking(GuestState state, Delivery delivery, String evidence, String event) {
        ErrorCodes codes = ErrorCodes.of(state);
        if (delivery.failure().orElse(null) instanceof Failure.Unknown(Piece piece)) {
            return Optional.of(Gate.unknown(GateKind.EVENT_QUEUE, PLACE, evidence, piece));
        }
        return Consequence.of(delivery)
                .filter(consequence -> consequence.handledBy().isEmpty())
                .map(codes::of)
                .map(consequence -> Gate.breaks(GateKind.EVENT_QUEUE, PLACE, evidence,
                        "delivering %s fails: %s%s".formatted(event, codes.of(delivery.failure().orElseThrow()),
                                consequence.text()),
                        "have the guest keep a usable gate and stack for it"));
    }

    private static Gate closed(Verdict verdict, String evidence, String meaning) {
        return Gate.of(verdict, GateKind.EVENT_QUEUE, PLACE, evidence, meaning, LET_IT_RUN);
    }

    private static String vector(VcpuEvents events) {
        return "vector 0x%02x".formatted(events.interruptVector());
    }

    private static String evidence(QueuedException exception) {
        return CpuException.mnemonic(exception.vector()) + (exception.errorCode().isPresent()
                ? ", error code 0x%x".formatted(exception.errorCode().getAsInt())
                : "");
    }
}
