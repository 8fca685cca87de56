package dev.interject.experiment.explain;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.state.VcpuEvents;

/**
 * What vCPUs take besides the interrupt, since it was queued before.
 *
 * @param state     before the interrupt
 * @param takesNmis whether the guest has a handler for NMIs
 * @param nmisTo    the vCPUs to which the interrupt goes as an NMI
 */
record QueuedEvents(GuestState state, boolean takesNmis, Set<Integer> nmisTo) {

    /** How often their handlers run while the guest stays as it is. */
    SortedMap<Handler, Long> soon() {
        SortedMap<Handler, Long> handlers = queued();
        addNmis(handlers, false);
        state.controllers().held().ifPresent(vector -> {
            boolean passes = state.controllers().lapic().orElseThrow().letsPicThrough()
                    || (state.cpu().special().apicBase() & 1 << 11) == 0;
            if (passes && state.cpu().registers().interruptFlag() && state.cpu().events().exception().isEmpty()) {
                handlers.merge(new Handler(state.vcpu(), vector), 1L, Long::sum);
            }
        });
        return handlers;
    }

    /** How often they run in the end, when all is opened. */
    SortedMap<Handler, Long> all() {
        SortedMap<Handler, Long> handlers = queued();
        addNmis(handlers, true);
        state.controllers()
                .held()
                .ifPresent(vector -> handlers.merge(new Handler(state.vcpu(), vector), 1L, Long::sum));
        return handlers;
    }

    private SortedMap<Handler, Long> queued() {
        SortedMap<Handler, Long> handlers = new TreeMap<>();
        started().filter(vcpu -> vcpu.cpu().events().interruptInjected())
                .forEach(vcpu -> handlers.merge(
                        new Handler(vcpu.number(), vcpu.cpu().events().interruptVector()), 1L, Long::sum));
        return handlers;
    }

    private void addNmis(SortedMap<Handler, Long> handlers, boolean isOpen) {
        started().filter(vcpu -> takesNmis && (isOpen || !vcpu.cpu().events().nmiMasked()))
                .filter(vcpu -> vcpu.cpu().events().nmisPending() > 0)
                .forEach(vcpu -> handlers.merge(new Handler(vcpu.number(), CpuException.NMI),
                        (long) vcpu.cpu().events().nmisPending(), Long::sum));
    }

    private Stream<PeerState> started() {
        return state.all().stream().filter(vcpu -> vcpu.cpu().isStarted());
    }

    /** How the exceptions among them end: the guest reports one, or breaks, or a stray NMI comes before the report. */
    Set<String> ends() {
        return started().filter(vcpu -> vcpu.cpu().events().exception().isPresent()).flatMap(vcpu -> {
            int exception = vcpu.cpu().events().exception().orElseThrow().vector();
            return Stream.concat(Stream.of(exception), strayNmi(vcpu)).map(vector -> end(vcpu.cpu(), vector));
        }).collect(Collectors.toSet());
    }

    /** The handler of an exception is open to NMIs at its first instruction. */
    private Stream<Integer> strayNmi(PeerState vcpu) {
        VcpuEvents events = vcpu.cpu().events();
        boolean isPending = nmisTo.contains(vcpu.number()) || events.nmisPending() > 0;
        return isPending && !takesNmis && !events.nmiMasked() ? Stream.of(CpuException.NMI) : Stream.empty();
    }

    /** Whether a fault follows an exception that leads to no double fault by the manuals. */
    boolean dependsOnDoubleFaults() {
        return started().anyMatch(vcpu -> vcpu.cpu()
                .events()
                .exception()
                .filter(exception -> isBenignWithFault(vcpu.cpu(), exception.vector()))
                .isPresent());
    }

    private static boolean isBenignWithFault(CpuState cpu, int vector) {
        Optional<Consequence> consequence = Consequence.of(Delivery.ofException(cpu, vector));
        return vector != CpuException.DOUBLE_FAULT && consequence.filter(it -> !it.faults().isEmpty()
                && !CpuException.isDouble(vector, it.faults().getFirst().vector())).isPresent();
    }

    private static String end(CpuState cpu, int vector) {
        if (isBenignWithFault(cpu, vector) && DoubleFaults.departure().isPresent()) {
            return end(cpu, CpuException.DOUBLE_FAULT);
        }
        Optional<Consequence> consequence = Consequence.of(Delivery.ofException(cpu, vector));
        return consequence.map(FateExpectation::end).orElseGet(() -> FateExpectation.exception(vector));
    }

    /** An exception that a vCPU takes first; empty if there is none. */
    OptionalInt exceptionAt(int vcpu) {
        return state.seenBy(vcpu)
                .cpu()
                .events()
                .exception()
                .map(exception -> OptionalInt.of(exception.vector()))
                .orElse(OptionalInt.empty());
    }
}
