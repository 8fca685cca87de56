package dev.interject.experiment.explain;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.GateType;
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
            if (passes && state.cpu().registers().interruptFlag() && !closes(state.vcpu())) {
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
        return started(state);
    }

    private static Stream<PeerState> started(GuestState state) {
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

    /** What of this host's double faults decides how the exceptions end, one line each. */
    static List<String> departures(GuestState state) {
        return started(state).flatMap(vcpu -> vcpu.cpu().events().exception().stream().flatMap(exception -> {
            Optional<Consequence> consequence = failure(vcpu.cpu(), exception.vector());
            return consequence.map(it -> ofDoubleFaults(exception.vector(), it)).stream();
        })).flatMap(departure -> departure.text().stream()).distinct().toList();
    }

    private static Optional<Consequence> failure(CpuState cpu, int vector) {
        return Consequence.of(Delivery.ofException(cpu, vector)).filter(consequence -> !consequence.faults().isEmpty());
    }

    /** The departure that matters to the failed delivery of an exception. */
    private static DoubleFaults ofDoubleFaults(int vector, Consequence consequence) {
        int fault = consequence.faults().getFirst().vector();
        return DoubleFaults.isDouble(vector, fault) ? DoubleFaults.NONE_OF_QUEUED : DoubleFaults.OF_BENIGN;
    }

    private static String end(CpuState cpu, int vector) {
        return failure(cpu, vector).filter(consequence -> ofDoubleFaults(vector, consequence).isFound())
                .map(consequence -> switch (ofDoubleFaults(vector, consequence)) {
                    case OF_BENIGN -> CpuException.DOUBLE_FAULT;
                    case NONE_OF_QUEUED -> consequence.faults().getFirst().vector();
                    case OF_INTERRUPTS -> throw new IllegalStateException("no interrupt: " + vector);
                })
                .map(departing -> endByTheManuals(cpu, departing))
                .orElseGet(() -> endByTheManuals(cpu, vector));
    }

    /** How an exception ends that a vCPU raises. */
    static String endByTheManuals(CpuState cpu, int vector) {
        Optional<Consequence> consequence = Consequence.of(Delivery.ofException(cpu, vector));
        return consequence.map(FateExpectation::end).orElseGet(() -> FateExpectation.exception(vector));
    }

    /** Whether a vCPU takes an exception first whose handler runs with IF = 0, and stops. */
    boolean closes(int vcpu) {
        CpuState cpu = state.seenBy(vcpu).cpu();
        return cpu.events()
                .exception()
                .filter(exception -> Delivery.ofException(cpu, exception.vector())
                        .entered()
                        .filter(GateType::keepsInterruptFlag)
                        .isEmpty())
                .isPresent();
    }
}
