package dev.interject.experiment.explain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.experiment.explain.FateScene.Handler;
import dev.interject.experiment.explain.FateScene.Observed;
import dev.interject.interrupt.delivery.Consequence;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.Return;
import dev.interject.interrupt.delivery.Step;
import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.GuestState;

/**
 * What the gates predict of an interrupt, as something that can be observed.
 *
 * @param state   the guest's state before the interrupt
 * @param path    the gates
 * @param notes   the departures of this host on which it depends
 * @param checksLevel7 whether the guest looks if an interrupt of level 7 is spurious
 * @param repeats whether it may interrupt more than once: a timer, or a level where this host's LAPIC ends interrupts
 *                by itself
 */
record FateExpectation(GuestState state, GatePath path, List<String> notes, boolean checksLevel7, boolean repeats) {

    /** The vector of a spurious interrupt, which a guest counts apart from a real one. */
    static final int SPURIOUS = -1;

    private static final int NMI = 2;
    private static final int LAST_LEVEL = 7;
    /** The vectors at which the guests look whether an interrupt is spurious. */
    private static final Set<Integer> LEVELS_7 = Set.of(0x27, 0x2f);

    /** Gates that open by themselves as soon as the guest runs on. */
    private static final Set<GateKind> OPENING = Set.of(GateKind.SHADOW, GateKind.EVENT_QUEUE, GateKind.WINDOW);

    /** Gates whose handler takes the interrupt for an exception. */
    private static final Set<GateKind> EXCEPTIONS = Set.of(GateKind.PIC_BASE, GateKind.VECTOR, GateKind.NMI_HANDLER);

    /** Which handlers run, and how often, while the guest stays as it is. */
    SortedMap<Handler, Long> soon() {
        SortedMap<Handler, Long> handlers = new TreeMap<>();
        addresses().filter(group -> arrives(group) && isSoon(group.getFirst()))
                .forEach(group -> handlers.merge(handler(group), 1L, Long::sum));
        return handlers;
    }

    /** Which handlers run, and how often, in the end, when all is opened: those of requests from before as well. */
    SortedMap<Handler, Long> all() {
        SortedMap<Handler, Long> handlers = new TreeMap<>();
        addresses().forEach(group -> {
            long times = group.stream().mapToLong(this::pending).sum() + (arrives(group) && !coalesces(group) ? 1 : 0);
            if (times > 0) {
                handlers.merge(handler(group), times, Long::sum);
            }
        });
        return handlers;
    }

    /** The branches that are taken each for itself; those of which one alone is taken are together. */
    private Stream<List<Branch>> addresses() {
        Map<Integer, List<Branch>> rivals = branches().filter(branch -> branch.to().isRival())
                .collect(Collectors.groupingBy(branch -> branch.to().group()));
        return Stream.concat(branches().filter(branch -> !branch.to().isRival()).map(List::of),
                rivals.values().stream());
    }

    private static boolean arrives(List<Branch> group) {
        return group.stream().anyMatch(branch -> !isLost(branch));
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

    /** Whether one of several is taken whose gates differ: when it is taken is not predicted. */
    private boolean hasRivals() {
        return addresses().anyMatch(group -> group.size() > 1);
    }

    /** Whether a request from before is pending: when it is taken is not predicted. */
    boolean hasPending() {
        return branches().anyMatch(branch -> pending(branch) > 0);
    }

    /** Whether the guest is to break, at once or when all is opened. */
    boolean breaks() {
        return branches().anyMatch(branch -> !isLost(branch) && breaks(branch));
    }

    private static boolean breaks(Branch branch) {
        return closed(branch).anyMatch(gate -> gate.verdict() == Verdict.BREAKS && !isSpurious(gate));
    }

    private Stream<Branch> branches() {
        boolean ends = path.entry().stream().anyMatch(FateExpectation::isClosed);
        return ends ? Stream.empty() : path.branches().stream();
    }

    private static boolean isSoon(Branch branch) {
        return closed(branch).allMatch(FateExpectation::opensByItself);
    }

    /** No guest arms its timer in the scene. */
    private static boolean isLost(Branch branch) {
        return closed(branch).anyMatch(gate -> gate.kind() == GateKind.TIMER || !isSpurious(gate)
                && (gate.verdict() == Verdict.DROPS || gate.verdict() == Verdict.MISROUTED));
    }

    private static boolean opensByItself(Gate gate) {
        return OPENING.contains(gate.kind()) || gate.verdict() == Verdict.COALESCES || isSpurious(gate);
    }

    private static Stream<Gate> closed(Branch branch) {
        return branch.gates().stream().filter(FateExpectation::isClosed);
    }

    private static boolean isClosed(Gate gate) {
        return !gate.isOpen() && gate.verdict() != Verdict.NOT_PORTABLE;
    }

    /** The handler of level 7 looks at the 8259s, and counts the interrupt as a spurious one. */
    private static boolean isSpurious(Gate gate) {
        return gate.kind() == GateKind.SPURIOUS || gate.kind() == GateKind.CASCADE && gate.verdict() == Verdict.BREAKS
                || gate.kind() == GateKind.WIRE && gate.verdict() == Verdict.MISROUTED;
    }

    /** How many requests of the branch's vector are pending from before. */
    private long pending(Branch branch) {
        return switch (branch.input().chip()) {
            case PIC -> state.controllers().isPending(branch.input().pin()) ? 1 : 0;
            case IOAPIC, LAPIC -> lapicRequests(branch) ? 1 : 0;
            case CPU -> branch.vector() == NMI ? state.cpu().events().nmisPending() : 0;
        };
    }

    private boolean lapicRequests(Branch branch) {
        return state.seenBy(branch.to().vcpu())
                .controllers()
                .lapic()
                .map(lapic -> lapic.isRequested(branch.vector()))
                .orElse(false);
    }

    private static boolean isSpuriousOne(Branch branch) {
        return closed(branch).anyMatch(FateExpectation::isSpurious);
    }

    /** The handlers of the two levels 7 look whether theirs is in service; it may be from before. */
    private Handler handler(Branch branch) {
        boolean isSpurious = checksLevel7 && isSpuriousOne(branch) && LEVELS_7.contains(branch.vector())
                && !(isSoon(branch) && isLevel7InService(branch.vector()));
        return new Handler(branch.to().vcpu(), isSpurious ? SPURIOUS : branch.vector());
    }

    private boolean isLevel7InService(int vector) {
        return Stream.of(state.controllers().master(), state.controllers().slave())
                .anyMatch(chip -> chip.irqBase() + LAST_LEVEL == vector && (chip.isr() & 1 << LAST_LEVEL) != 0);
    }

    /** How the guest is to break: as the guest or KVM reports it. */
    private Set<String> ends() {
        return branches().filter(branch -> !isLost(branch) && breaks(branch))
                .map(this::end)
                .collect(Collectors.toSet());
    }

    private String end(Branch branch) {
        boolean isTakenForAnException = closed(branch).anyMatch(gate -> gate.verdict() == Verdict.BREAKS
                && EXCEPTIONS.contains(gate.kind()));
        if (isTakenForAnException && closed(branch).noneMatch(gate -> gate.verdict() == Verdict.BREAKS
                && !EXCEPTIONS.contains(gate.kind()) && !isSpurious(gate))) {
            return exception(branch.vector());
        }
        return Stream.concat(delivery(branch), iret(branch))
                .findFirst()
                .orElseThrow()
                .map(consequence -> consequence.handledBy()
                        .map(FateExpectation::exception)
                        .orElseGet(() -> consequence.end().toString()))
                .orElse("stray");
    }

    private Stream<Optional<Consequence>> delivery(Branch branch) {
        Delivery delivery = Delivery.ofInterrupt(state.seenBy(branch.to().vcpu()).cpu(), branch.vector());
        return delivery.steps().stream().filter(step -> breaksAt(branch, step)).map(delivery::consequence);
    }

    private Stream<Optional<Consequence>> iret(Branch branch) {
        CpuState cpu = state.seenBy(branch.to().vcpu()).cpu();
        Return iret = new Return(cpu, Delivery.ofInterrupt(cpu, branch.vector()));
        return iret.steps().stream().filter(step -> breaksAt(branch, step)).map(iret::consequence);
    }

    /** Whether the step fails on this host, too. */
    private static boolean breaksAt(Branch branch, Step step) {
        return step.failure().isPresent() && closed(branch).anyMatch(gate -> gate.verdict() == Verdict.BREAKS
                && gate.place().equals(step.place()) && gate.evidence().equals(step.evidence()));
    }

    /** As an {@link Observed} names it. */
    static String exception(int vector) {
        return "exception 0x%02x".formatted(vector);
    }

    /** What is wrong with the prediction; empty if it was right. */
    Optional<String> mismatch(Observed observed) {
        if (breaks()) {
            return observed.end().filter(ends()::contains).isPresent() ? Optional.empty()
                    : Optional.of("the guest broke: %s, expected: %s".formatted(observed.end(), ends()));
        }
        if (observed.end().isPresent()) {
            return Optional.of("the guest broke: " + observed.end().get());
        }
        if (!isAsExpected(withoutRivals(observed.all()), all())) {
            return Optional.of("handlers ran: %s, expected: %s".formatted(observed.all(), all()));
        }
        return hasPending() || hasRivals() || isAsExpected(observed.soon(), soon()) ? Optional.empty()
                : Optional.of("before all was open, handlers ran: %s, expected: %s".formatted(observed.soon(), soon()));
    }

    private boolean isAsExpected(SortedMap<Handler, Long> observed, SortedMap<Handler, Long> expected) {
        return repeats
                ? observed.keySet().equals(expected.keySet()) && expected.entrySet()
                        .stream()
                        .allMatch(entry -> observed.get(entry.getKey()) >= entry.getValue())
                : observed.equals(expected);
    }
}
