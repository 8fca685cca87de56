package dev.interject.experiment.explain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.device.CommandPort;
import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.Return;
import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.PeerState;

/**
 * What the gates predict of an interrupt, as something that can be observed.
 *
 * @param state the guest's state before the interrupt
 * @param path  the gates
 * @param rules what else decides
 */
record FateExpectation(GuestState state, GatePath path, Rules rules) {

    /**
     * What else decides what is observed.
     *
     * @param departures   those of this host on which it depends, one line each
     * @param takesNmis    whether the guest has a handler for NMIs
     * @param checksLevel7 whether the guest looks if an interrupt of level 7 is spurious
     * @param repeats      whether it may interrupt more than once: a timer, or a level where this host's LAPIC ends
     *                     interrupts by itself
     * @param returns      whether handlers return; otherwise this host does not say what the guest does after one
     */
    record Rules(List<String> departures, boolean takesNmis, boolean checksLevel7, boolean repeats, boolean returns) {}

    static final String RESET = "reset of vCPU ";
    private static final int SENDER = 0;
    private static final int LAST_LEVEL = 7;
    /** The vectors at which the guests look whether an interrupt is spurious. */
    private static final Set<Integer> LEVELS_7 = Set.of(0x27, 0x2f);

    /** Gates that open by themselves as soon as the guest runs on. */
    private static final Set<GateKind> OPENING = Set.of(GateKind.SHADOW, GateKind.EVENT_QUEUE, GateKind.WINDOW);

    QueuedEvents queued() {
        return new QueuedEvents(state, rules.takesNmis(),
                branches().filter(branch -> branch.vector() == CpuException.NMI && !isLost(branch))
                        .map(branch -> branch.to().vcpu())
                        .collect(Collectors.toSet()));
    }

    /** Which handlers run, and how often, while the guest stays as it is. */
    SortedMap<Handler, Long> soon() {
        SortedMap<Handler, Long> handlers = queued().soon();
        addresses().filter(group -> isEntered() && arrives(group) && !coalesces(group))
                .filter(group -> isSoon(group.getFirst()))
                .forEach(group -> handlers.merge(handler(group), 1L, Long::sum));
        return handlers;
    }

    /** Which handlers run, and how often, in the end, when all is opened: those of requests from before as well. */
    SortedMap<Handler, Long> all() {
        SortedMap<Handler, Long> handlers = queued().all();
        requestsOfOthers().forEach(handler -> handlers.merge(handler, 1L, Long::sum));
        addresses().forEach(group -> {
            long times = group.stream().mapToLong(this::pending).sum() + (arrives(group) && !coalesces(group) ? 1 : 0);
            if (times > 0) {
                handlers.merge(handler(group), times, Long::sum);
            }
        });
        return handlers;
    }

    /** Vectors that are pending in LAPICs, and not the interrupt's. */
    private Stream<Handler> requestsOfOthers() {
        return state.all()
                .stream()
                .flatMap(vcpu -> vcpu.lapic()
                        .stream()
                        .flatMap(lapic -> lapic.requested().stream())
                        .map(vector -> new Handler(vcpu.number(), vector)))
                .filter(request -> branches().noneMatch(branch -> handler(branch).equals(request)));
    }

    /** The gate of all branches that is closed; empty if none is. */
    private Optional<Gate> entry() {
        return path.entry().stream().filter(FateExpectation::isClosed).findFirst();
    }

    /** The branches that are taken each for itself; those of which one alone is taken are together. */
    private Stream<List<Branch>> addresses() {
        Map<Integer, List<Branch>> rivals = branches().filter(branch -> branch.to().isRival())
                .collect(Collectors.groupingBy(branch -> branch.to().group()));
        return Stream.concat(branches().filter(branch -> !branch.to().isRival()).map(List::of),
                rivals.values().stream());
    }

    private boolean arrives(List<Branch> group) {
        return !endsAtEntry() && group.stream().anyMatch(branch -> !isLost(branch));
    }

    /** A gate of all branches that only holds the interrupt can be opened; but no guest arms the PIT in the scene. */
    private boolean endsAtEntry() {
        return entry().filter(gate -> gate.kind() == GateKind.PIT || gate.verdict() != Verdict.HOLDS).isPresent();
    }

    /** Whether the gates of all branches are open, or open by themselves. */
    private boolean isEntered() {
        return entry().filter(gate -> !OPENING.contains(gate.kind()) || queued().closes(SENDER))
                .isEmpty();
    }

    private static boolean coalesces(List<Branch> group) {
        return group.stream().flatMap(FateExpectation::closed).anyMatch(gate -> gate.verdict() == Verdict.COALESCES);
    }

    /** Of several of which one alone is taken, the first stands for all. */
    private Handler handler(List<Branch> group) {
        return handler(group.getFirst());
    }

    /** The same with all rivals counted as one. */
    SortedMap<Handler, Long> withoutRivals(SortedMap<Handler, Long> observed) {
        SortedMap<Handler, Long> merged = new TreeMap<>();
        observed.forEach((handler, times) -> merged.merge(addresses()
                .filter(group -> group.stream().anyMatch(branch -> handler(branch).equals(handler)))
                .map(this::handler)
                .findFirst()
                .orElse(handler), times, Long::sum));
        return merged;
    }

    /**
     * Whether it is not predicted when the interrupt is taken: one of several takes it whose gates differ, or a request
     * from before is pending.
     */
    boolean isSoonUnknown() {
        return requestsOfOthers().findAny().isPresent() || addresses().anyMatch(group -> group.size() > 1)
                || branches().anyMatch(branch -> pending(branch) > 0);
    }

    /** Whether the interrupt is to break the guest, at once or when all is opened. */
    boolean breaks() {
        return entry().filter(gate -> gate.verdict() == Verdict.BREAKS).isPresent()
                || !endsAtEntry() && branches().anyMatch(branch -> !isLost(branch) && breaks(branch));
    }

    private static boolean breaks(Branch branch) {
        return closed(branch).anyMatch(gate -> gate.verdict() == Verdict.BREAKS && !isSpurious(gate));
    }

    private Stream<Branch> branches() {
        return path.branches().stream();
    }

    private boolean isSoon(Branch branch) {
        return closed(branch).allMatch(gate -> opensByItself(gate, branch));
    }

    /** No guest arms its timer in the scene. */
    private static boolean isLost(Branch branch) {
        return closed(branch).anyMatch(gate -> gate.kind() == GateKind.TIMER || !isSpurious(gate)
                && (gate.verdict() == Verdict.DROPS || gate.verdict() == Verdict.MISROUTED));
    }

    /** The handler of an exception stops the guest with IF=0. */
    private boolean opensByItself(Gate gate, Branch branch) {
        boolean isOpening = OPENING.contains(gate.kind())
                && (branch.vector() == CpuException.NMI || !queued().closes(branch.to().vcpu()));
        return isOpening || gate.verdict() == Verdict.COALESCES || isSpurious(gate);
    }

    static Stream<Gate> closed(Branch branch) {
        return branch.gates().stream().filter(FateExpectation::isClosed);
    }

    private static boolean isClosed(Gate gate) {
        return !gate.isOpen() && gate.verdict() != Verdict.NOT_PORTABLE;
    }

    /** The handler of level 7 looks at the 8259s, and counts the interrupt as a spurious one. */
    static boolean isSpurious(Gate gate) {
        return gate.kind() == GateKind.SPURIOUS || gate.kind() == GateKind.CASCADE && gate.verdict() == Verdict.BREAKS
                || gate.kind() == GateKind.WIRE && gate.verdict() == Verdict.MISROUTED;
    }

    /** How many requests of the branch's vector are pending from before, in a controller. */
    private long pending(Branch branch) {
        return switch (branch.input().chip()) {
            case PIC -> state.controllers().isPending(branch.input().pin()) ? 1 : 0;
            case IOAPIC, LAPIC -> lapicRequests(branch) ? 1 : 0;
            case CPU -> 0;
        };
    }

    private boolean lapicRequests(Branch branch) {
        return state.seenBy(branch.to().vcpu())
                .controllers()
                .lapic()
                .map(lapic -> lapic.isRequested(branch.vector()))
                .orElse(false);
    }

    /** The handlers of the two levels 7 look whether theirs is in service; it may be from before. */
    private Handler handler(Branch branch) {
        boolean isSpurious = rules.checksLevel7() && closed(branch).anyMatch(FateExpectation::isSpurious)
                && LEVELS_7.contains(branch.vector())
                && !(isSoon(branch) && isLevel7InService(branch.vector()));
        return new Handler(branch.to().vcpu(), isSpurious ? Handler.SPURIOUS : branch.vector());
    }

    private boolean isLevel7InService(int vector) {
        return Stream.of(state.controllers().master(), state.controllers().slave())
                .anyMatch(chip -> chip.irqBase() + LAST_LEVEL == vector && (chip.isr() & 1 << LAST_LEVEL) != 0);
    }

    // --- how the guest ends

    /** How the guest is to break: as the guest or KVM reports it. */
    Set<String> ends() {
        Stream<String> ofSender = entry().filter(gate -> gate.verdict() == Verdict.BREAKS)
                .map(_ -> Delivery.ofInterrupt(state.seenBy(SENDER).cpu(), CommandPort.VECTOR))
                .flatMap(Consequence::of)
                .map(FateExpectation::end)
                .stream();
        Stream<String> ofBranches =
                branches().filter(branch -> !endsAtEntry() && !isLost(branch) && breaks(branch))
                        .flatMap(branch -> new BranchEnd(state, branch).of(queued()).stream());
        return Stream.concat(ofSender, ofBranches).collect(Collectors.toSet());
    }

    /** Whether the delivery reads what is no RAM: KVM ends the guest, or tries it again endlessly. */
    boolean mayHang() {
        return ends().contains(Consequence.End.NO_EXCEPTION.toString());
    }

    /** How vCPUs end by themselves: the next instruction of one cannot be fetched. */
    Set<String> ownEnds() {
        return state.all()
                .stream()
                .map(PeerState::cpu)
                .filter(CpuState::isStarted)
                .map(cpu -> new Return(cpu, Delivery.ofInterrupt(cpu, CommandPort.VECTOR), state.hostRules()))
                .flatMap(next -> next.steps()
                        .stream()
                        .filter(step -> !next.isRaisedByIret(step))
                        .flatMap(step -> next.consequence(step).stream()))
                .map(FateExpectation::end)
                .collect(Collectors.toSet());
    }

    static String end(Consequence consequence) {
        return consequence.handledBy().map(FateExpectation::exception).orElseGet(() -> consequence.end().toString());
    }

    /** As an {@link Observed} names it. */
    static String exception(int vector) {
        return "exception 0x%02x".formatted(vector);
    }

    /** Likewise. */
    static String reset(int vcpu) {
        return RESET + vcpu;
    }
}
