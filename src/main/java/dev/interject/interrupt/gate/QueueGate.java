package dev.interject.interrupt.gate;

import java.util.Optional;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.state.CpuState;
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
    static Gate of(CpuState cpu, Verdict closed) {
        VcpuEvents events = cpu.events();
        if (events.exception().isPresent()) {
            return ofException(cpu, events.exception().get(), closed);
        }
        if (events.interruptInjected()) {
            return closed(closed, "vector 0x%02x".formatted(events.interruptVector()),
                    "an interrupt is already queued; a second KVM_INTERRUPT would overwrite it",
                    "let the guest run: the queued interrupt is delivered at the next VM entry");
        }
        if (events.smiPending()) {
            return closed(closed, "SMI", "a system-management interrupt is delivered first", LET_IT_RUN);
        }
        return events.nmiComesNext()
                ? closed(closed, "NMI", "an NMI is delivered first; its handler runs with IF = 0", LET_IT_RUN)
                : Gate.open(GateKind.EVENT_QUEUE, PLACE, "empty", "nothing is queued");
    }

    private static Gate ofException(CpuState cpu, QueuedException exception, Verdict closed) {
        Delivery delivery = Delivery.ofException(cpu, exception.vector());
        boolean isHeldByKvmOnly = closed == Verdict.HOLDS && !delivery.gate().clearsInterruptFlag();
        return breaking(exception, delivery).orElseGet(() -> isHeldByKvmOnly
                ? Gate.open(GateKind.EVENT_QUEUE, PLACE, evidence(exception),
                        "this exception is delivered first; its trap gate keeps IF, so the interrupt follows at once")
                : closed(closed, evidence(exception),
                        "this exception is delivered first; its handler runs with IF = 0", LET_IT_RUN));
    }

    /** The gate of an NMI while an exception is queued; empty if none is. The NMI follows at once. */
    static Optional<Gate> ofNmi(CpuState cpu) {
        return cpu.events()
                .exception()
                .map(exception -> breaking(exception, Delivery.ofException(cpu, exception.vector()))
                        .orElseGet(() -> Gate.open(GateKind.EVENT_QUEUE, PLACE, evidence(exception),
                                "this exception is delivered first, and the NMI before its handler")));
    }

    /** The gate of an exception that does not reach a handler. */
    private static Optional<Gate> breaking(QueuedException exception, Delivery delivery) {
        return Consequence.of(delivery)
                .filter(consequence -> consequence.handledBy().isEmpty())
                .map(consequence -> Gate.breaks(GateKind.EVENT_QUEUE, PLACE, evidence(exception),
                        "delivering this exception fails: %s%s".formatted(delivery.failure().orElseThrow(),
                                consequence.text()),
                        "have the guest keep a usable gate and stack for its exceptions"));
    }

    private static Gate closed(Verdict verdict, String evidence, String meaning, String fix) {
        return Gate.of(verdict, GateKind.EVENT_QUEUE, PLACE, evidence, meaning, fix);
    }

    private static String evidence(QueuedException exception) {
        return CpuException.mnemonic(exception.vector()) + (exception.errorCode().isPresent()
                ? ", error code 0x%x".formatted(exception.errorCode().getAsInt())
                : "");
    }
}
