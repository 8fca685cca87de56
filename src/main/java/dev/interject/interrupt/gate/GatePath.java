package dev.interject.interrupt.gate;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.interrupt.gate.Prediction.Fate;

/**
 * The gates between a request and the handlers that it reaches.
 *
 * @param entry    the gates that every branch has in common; they come first
 * @param branches the ways on from there; empty if the request ends at one of the common gates
 */
public record GatePath(List<Gate> entry, List<Branch> branches) {

    private static final int NO_VECTOR = -1;

    public GatePath {
        entry = List.copyOf(entry);
        branches = List.copyOf(branches);
    }

    /** A path with a single branch. */
    static GatePath of(Input input, int vector, List<Gate> gates) {
        return new GatePath(List.of(), List.of(new Branch(input, vector, gates)));
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
        return branches.stream().min(Comparator.comparingInt(Branch::rank));
    }

    /** The other branches. */
    public List<Branch> others() {
        Branch main = main().orElse(null);
        return branches.stream().filter(branch -> branch != main).toList();
    }

    /** The vector at which the interrupt would arrive, or -1 if it cannot arrive. */
    public int vector() {
        return main().map(Branch::vector).orElse(NO_VECTOR);
    }

    /** Whether it ends at a vector; otherwise no interrupt can arrive. */
    public boolean leadsToAVector() {
        return !branches.isEmpty();
    }

    /** The gates on the main branch, from the request on. */
    public List<Gate> gates() {
        return Stream.concat(entry.stream(), main().stream().flatMap(branch -> branch.gates().stream())).toList();
    }

    /** What would happen to the interrupt. */
    public Prediction prediction() {
        Optional<Gate> first = entry.stream().filter(gate -> !gate.isOpen()).findFirst();
        if (first.isPresent() || branches.isEmpty()) {
            return new Branch(Input.cpu(), 0, entry).prediction();
        }
        Prediction main = main().orElseThrow().prediction();
        List<Integer> vectors = branches.stream().flatMap(branch -> branch.prediction().vectors().stream()).toList();
        return new Prediction(main.fate(), main.because(), vectors);
    }

    // --- what forbids it

    /** The first gate that forbids the interrupt; one that stays closed precedes one that the guest may open. */
    public Optional<Gate> firstThatForbids() {
        return firstThatStaysClosed().or(() -> first(Verdict.NOT_NOW));
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
        return new Branch(Input.cpu(), 0, gates()).firstThatStaysClosed()
                .or(() -> branches.stream().flatMap(Branch::breaking).findFirst());
    }

    /** A copy for a host that is known to ignore this kind of gate. */
    public GatePath withOpen(GateKind kind, String meaning) {
        return new GatePath(entry, branches.stream().map(branch -> branch.withOpen(kind, meaning)).toList());
    }

    // --- what holds it

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

    /** The first gate of the main branch that is not open. */
    public Optional<Gate> firstThatIsNotOpen() {
        return gates().stream().filter(gate -> !gate.isOpen()).findFirst();
    }
}
