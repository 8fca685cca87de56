package dev.interject.interrupt.gate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.interrupt.gate.Prediction.Fate;

/**
 * The gates between a request and the handlers that it reaches.
 *
 * @param entry    the gates that every branch has in common; they come first
 * @param branches the ways on from there; empty if the request ends at one of the common gates
 */
public record GatePath(List<Gate> entry, List<Branch> branches) {

    static final int NO_VECTOR = -1;
    private static final Set<GateKind> OPENED_BY_RUNNING =
            EnumSet.of(GateKind.SHADOW, GateKind.EVENT_QUEUE, GateKind.WINDOW);

    public GatePath {
        entry = List.copyOf(entry);
        branches = List.copyOf(branches);
    }

    /** A path with a single branch, to vCPU 0. */
    static GatePath of(Input input, int vector, List<Gate> gates) {
        return new GatePath(List.of(), List.of(new Branch(input, BranchTarget.only(0), vector, gates)));
    }

    /** A path of which only the vector is known. */
    public static GatePath to(int vector) {
        return of(Input.cpu(), vector, List.of());
    }

    /** A path that ends at one of these gates. */
    static GatePath endingAt(List<Gate> gates) {
        return new GatePath(gates, List.of());
    }

    /** The branch that decides what happens to the interrupt; empty if there is none. */
    public Optional<Branch> main() {
        return groups().stream()
                .map(group -> group.stream().min(Comparator.comparingInt(Branch::delay)).orElseThrow())
                .min(Comparator.comparingInt(Branch::rank));
    }

    /** The branches by the interrupt that they are of. */
    private Collection<List<Branch>> groups() {
        Map<Integer, List<Branch>> groups = new LinkedHashMap<>();
        branches.forEach(branch -> groups.computeIfAbsent(branch.to().group(), _ -> new ArrayList<>()).add(branch));
        return groups.values();
    }

    /** Whether the interrupt goes to the vCPU whose state was looked at, rather than to others alone. */
    public boolean isAddressed() {
        return gates().stream().noneMatch(gate -> gate.kind() == GateKind.DESTINATION && !gate.isOpen());
    }

    /** The vCPUs at which the interrupt of the main branch arrives, or waits. */
    public TargetVcpus targetVcpus() {
        return main().map(Branch::to)
                .map(main -> new TargetVcpus(branches.stream()
                        .filter(branch -> branch.to().group() == main.group() && branch.isAccepted())
                        .map(branch -> branch.to().vcpu())
                        .toList(), main.isRival()))
                .orElse(new TargetVcpus(List.of(), false));
    }

    /** Whether it coalesces at a vCPU with one that is pending there. */
    public boolean coalescesAt(int vcpu) {
        return main().stream()
                .flatMap(main -> branches.stream().filter(branch -> branch.to().group() == main.to().group()))
                .filter(branch -> branch.to().vcpu() == vcpu)
                .anyMatch(branch -> branch.prediction().fate() == Fate.MERGES);
    }

    /** The other branches. */
    public List<Branch> others() {
        Branch main = main().orElse(null);
        return branches.stream().filter(branch -> branch != main).toList();
    }

    /** The vector at which the interrupt would arrive, or -1 if it cannot arrive, or that is not known. */
    public int vector() {
        return main().map(Branch::vector).orElse(NO_VECTOR);
    }

    /** Whether it ends at a vector that is known; otherwise no interrupt can arrive, or at an unknown one. */
    public boolean leadsToAVector() {
        return vector() != NO_VECTOR;
    }

    /** The gates on the main branch, from the request on. */
    public List<Gate> gates() {
        return Stream.concat(entry.stream(), main().stream().flatMap(branch -> branch.gates().stream())).toList();
    }

    /** What would happen to the interrupt. */
    public Prediction prediction() {
        Optional<Gate> first = entry.stream().filter(Gate::decides).findFirst();
        if (first.isPresent() || branches.isEmpty()) {
            return new Branch(Input.cpu(), BranchTarget.only(0), 0, entry).prediction();
        }
        Prediction main = main().orElseThrow().prediction();
        List<Gate> unknown = Stream.concat(entry.stream().filter(Gate::isUnknown), main.hingesOn().stream()).toList();
        Fate fate = main.fate() == Fate.TAKEN && !unknown.isEmpty() ? Fate.UNKNOWN : main.fate();
        return new Prediction(fate, fate == Fate.UNKNOWN ? unknown.stream().findFirst() : main.because(),
                main.heldBy(), unknown,
                groups().stream().flatMap(group -> arrivals(group).stream()).toList());
    }

    /**
     * What would happen to it once the guest has run on. A shadow, a queued event and, with IF=1, a closed window last
     * only until then.
     */
    public Prediction predictionWhenRunning() {
        Prediction now = prediction();
        if (now.fate() != Fate.WAITS) {
            return now;
        }
        GatePath later = this;
        for (Gate gate : gates()) {
            if (gate.verdict() == Verdict.HOLDS && OPENED_BY_RUNNING.contains(gate.kind())) {
                later = later.withOpen(gate.kind(), "until the guest runs on");
            }
        }
        return later.prediction();
    }

    private static List<Arrival> arrivals(List<Branch> group) {
        List<Arrival> all = group.stream().flatMap(branch -> branch.prediction().arrivals().stream()).toList();
        return all.isEmpty() || !group.getFirst().to().isRival() ? all
                : List.of(new Arrival(all.stream().flatMap(one -> one.vcpus().stream()).toList(),
                        all.getFirst().vector()));
    }

    // --- what forbids it

    /** The first gate that forbids the interrupt; one that stays closed precedes one that the guest may open. */
    public Optional<Gate> firstThatForbids() {
        return firstThatStaysClosed().or(this::firstThatForbidsNow);
    }

    /** Whether the guest would break now, and not when it has enabled interrupts. */
    public boolean isForbiddenNow() {
        return firstThatForbidsNow().isPresent();
    }

    private Optional<Gate> firstThatForbidsNow() {
        return gates().stream()
                .takeWhile(gate -> !Branch.keepsAway(gate))
                .filter(gate -> gate.verdict() == Verdict.NOT_NOW)
                .findFirst();
    }

    /** The first gate that is closed for now and that the guest may open by running on; a run arms timers itself. */
    public Optional<Gate> firstThatMayOpen() {
        return gates().stream()
                .filter(gate -> gate.kind() != GateKind.TIMER)
                .filter(gate -> gate.verdict() == Verdict.NOT_NOW || gate.verdict() == Verdict.HOLDS)
                .findFirst();
    }

    /** Whether a gate forbids it that does not open by waiting. */
    public boolean isForbiddenForever() {
        return firstThatStaysClosed().isPresent();
    }

    /** On the main branch; or what breaks the guest on another. */
    private Optional<Gate> firstThatStaysClosed() {
        return new Branch(Input.cpu(), BranchTarget.only(0), 0, gates()).firstThatStaysClosed()
                .or(() -> branches.stream().flatMap(Branch::breaking).findFirst());
    }

    private GatePath withOpen(GateKind kind, String meaning) {
        return new GatePath(entry, branches.stream().map(branch -> branch.withOpen(kind, meaning)).toList());
    }

    // --- what holds it

    /** Whether it is dropped since its line is high already; the pulse that is dropped lowers the line. */
    public boolean isHighBefore() {
        return gates().stream().anyMatch(gate -> gate.kind() == GateKind.WIRE && gate.verdict() == Verdict.DROPS);
    }

    /** Whether a status of 0 says that an interrupt coalesced: by an 8259, or the clock's pin of the IOAPIC. */
    public boolean showsCoalescing() {
        return main().filter(branch -> branch.input().chip() == Input.Chip.PIC
                || branch.gates().stream().anyMatch(gate -> gate.kind() == GateKind.RTC)).isPresent();
    }

    /** Whether no vCPU can receive the interrupt: none has the APIC ID, or the guest has not started the target. */
    public boolean reachesNoVcpu() {
        return gates().stream()
                .anyMatch(gate -> !gate.isOpen()
                        && (gate.kind() == GateKind.APIC_ID || gate.kind() == GateKind.ACTIVITY));
    }

    /** Whether any gate of the main branch has this verdict. */
    public boolean has(Verdict verdict) {
        return first(verdict).isPresent();
    }

    /** Whether no branch but the main one keeps or delivers the interrupt, so that a status is that of the main one. */
    public boolean isDecidedByOne() {
        return others().stream().allMatch(branch -> branch.prediction().fate() == Fate.DROPPED);
    }

    private Optional<Gate> first(Verdict verdict) {
        return gates().stream().filter(gate -> gate.verdict() == verdict).findFirst();
    }

    /**
     * The gate that keeps one that is pending from its handler: what the vCPU has accepted and cannot deliver, or what
     * keeps it from the vCPU; where there is neither, the first that is not open. What only another one would meet,
     * such as a line that is high already, comes before it.
     */
    public Optional<Gate> holder() {
        return gates().stream()
                .filter(gate -> gate.kind() == GateKind.EVENT_QUEUE && gate.verdict() == Verdict.BREAKS)
                .findFirst()
                .or(() -> gates().stream()
                        .filter(gate -> gate.verdict() == Verdict.HOLDS || gate.verdict() == Verdict.NOT_NOW)
                        .findFirst())
                .or(this::firstThatIsNotOpen);
    }

    /** The first gate of the main branch that is not open. */
    public Optional<Gate> firstThatIsNotOpen() {
        return gates().stream().filter(gate -> !gate.isOpen()).findFirst();
    }
}
