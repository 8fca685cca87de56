package dev.interject.experiment.plan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.inject.Injector;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.Injectors;
import dev.interject.machine.Machine;
import dev.interject.machine.Pending;

/**
 * What is injected, with everything that the plan left open decided.
 *
 * @param irqchip where the controllers are to live
 * @param vcpu    which vCPU is meant
 * @param line    the line that the guest opens, and that is pulled on the paths that pull one
 * @param vector  a vector given by number, or empty
 * @param message what is sent on the paths that send a message
 */
public record ResolvedInjection(Irqchip irqchip, Path path, int vcpu, int line, OptionalInt vector, MsiMessage message,
        Trigger trigger) {

    /** Where a message goes unless the plan says otherwise: not a vector of the 8259s' or of an IOAPIC pin. */
    private static final int MESSAGE_VECTOR = 0x50;

    private static final int PIT_LINE = 0;

    /** One for each line of the plan, or the only one. */
    public static List<ResolvedInjection> of(RunPlan plan, LineChoice choice) {
        int vcpu = plan.to().orElseGet(() -> addressed(plan));
        int apicId = Math.min(vcpu, MemoryMap.MOST_VCPUS); // beyond that it is refused, and no message is sent
        MsiMessage standard = MsiMessage.fixed(apicId, plan.vector().orElse(MESSAGE_VECTOR));
        MsiMessage message = plan.address().isPresent()
                ? new MsiMessage(plan.address().getAsInt(), standard.data())
                : standard;
        List<Integer> lines = plan.effectivePath() == Path.PIT ? List.of(PIT_LINE)
                : plan.lines().isEmpty() ? List.of(choice.pickFree()) : plan.lines().stream().distinct().toList();
        return lines.stream()
                .map(line -> new ResolvedInjection(plan.irqchip(), plan.effectivePath(), vcpu, line, plan.vector(),
                        message,
                        plan.trigger()))
                .toList();
    }

    /** The vCPU that a message's address names, if there is one of that APIC ID. */
    private static int addressed(RunPlan plan) {
        return plan.address()
                .stream()
                .mapToObj(address -> new MsiMessage(address, 0))
                .filter(message -> !message.isLogical() && message.destination() < plan.vcpus())
                .mapToInt(MsiMessage::destination)
                .findFirst()
                .orElse(0);
    }

    /** Whether a line is pulled at all. */
    public boolean pullsLine() {
        return path.pullsKernelLine() || pullsOwnPic();
    }

    private boolean pullsOwnPic() {
        return path == Path.VECTOR && vector.isEmpty() && irqchip != Irqchip.KERNEL;
    }

    /** Whether the line matters: it is pulled, or names the vector. */
    boolean usesLine() {
        return pullsLine() || path == Path.VECTOR && vector.isEmpty();
    }

    /** Whether it comes by the 8259s, which interrupt vCPU 0 only. */
    boolean goesThroughPic(BuiltinGuest guest) {
        return path == Path.PIT || path == Path.VECTOR || path.pullsKernelLine() && !guest.usesIoapic();
    }

    public GatePath way(GuestState state) {
        return switch (path) {
            case LINE, IRQFD -> Gates.ofKernelLine(state, path, line, trigger);
            case MSI, MSI_ROUTE, MSI_IRQFD -> Gates.ofMessage(state, path, message);
            case NMI -> Gates.ofNmi(state);
            case IPI -> Gates.ofIpi(state, message.vector());
            case PIT -> Gates.ofPit(state);
            case LAPIC_TIMER -> Gates.ofLapicTimer(state);
            case VECTOR -> pullsLine()
                    ? Gates.ofUserspaceLine(state, line, trigger)
                    : Gates.ofVector(state, vector.orElseGet(() -> state.vectorOf(line)));
        };
    }

    /** The injector for this target; one that ignores the window where a forced way needs that. */
    public Injector injector(Machine machine, GatePath way) {
        Injectors injectors = machine.injectors();
        return switch (path) {
            case LINE -> irqchip == Irqchip.SPLIT
                    ? injectors.ioapicPin(line, trigger)
                    : injectors.kernelLine(line, trigger);
            case IRQFD -> injectors.irqfd(line, trigger);
            case MSI -> injectors.message(message);
            case MSI_ROUTE -> injectors.routedMessage(message);
            case MSI_IRQFD -> injectors.routedMessageByIrqfd(message);
            case NMI -> injectors.nmi(vcpu);
            case IPI -> injectors.ipi(vcpu, message.vector());
            case VECTOR -> vectorInjector(machine, way);
            case PIT, LAPIC_TIMER -> throw new IllegalStateException("a timer in the kernel interrupts by itself");
        };
    }

    private Injector vectorInjector(Machine machine, GatePath way) {
        boolean closed = way.has(Verdict.NOT_NOW) || machine.irqchip() == Irqchip.KERNEL;
        return closed ? machine.injectors().forcedVector(way.vector()) : patientVector(machine, way);
    }

    /** Why this interrupt cannot be had while vCPU 0 goes step by step; empty where it can. */
    public Optional<String> refusalOfSteps() {
        if (path == Path.IPI || path.isTimer()) {
            return Optional.of(("path %s needs a guest that runs, since the guest itself asks for it: "
                    + "take a path from outside").formatted(path));
        }
        return vcpu == 0
                ? Optional.empty()
                : Optional.of("vCPU 0 goes step by step, and the interrupt is meant for vCPU %d".formatted(vcpu));
    }

    /** The same, but one that waits for the window, whatever the guest is doing now. */
    public Injector patientInjector(Machine machine, GatePath way) {
        return path == Path.VECTOR ? patientVector(machine, way) : injector(machine, way);
    }

    private Injector patientVector(Machine machine, GatePath way) {
        return pullsLine()
                ? machine.injectors().userspaceLine(line, trigger)
                : machine.injectors().vector(way.vector());
    }

    /**
     * Whether the controllers say of each interrupt whether it was merged with one that still waits: the 8259s do, and
     * vectors given by number never are. LAPICs and eventfds keep silent.
     */
    public boolean tellsCoalescing(GuestState state) {
        return path == Path.VECTOR || path == Path.LINE && !goesThroughIoapic(state);
    }

    /** How many interrupts of this target wait at the vCPU, where the controllers do not tell what becomes of them. */
    public int waiting(Pending pending, int expectedVector) {
        if (path == Path.NMI) {
            return pending.nmis();
        }
        boolean waits = path == Path.IRQFD && pending.isLatched(line, expectedVector)
                || pending.isRequested(expectedVector);
        return waits ? 1 : 0;
    }

    /** How many interrupts of this target wait somewhere in the controllers or at the vCPU. */
    public int waiting(GuestState state, int expectedVector) {
        if (path == Path.NMI) {
            return state.events().nmisPending();
        }
        int waiting = state.events().interruptInjected() && state.events().interruptVector() == expectedVector ? 1 : 0;
        if (state.lapic().map(lapic -> lapic.isRequested(expectedVector)).orElse(false)) {
            return waiting + 1;
        }
        return pullsLine() && waitsAtLine(state) || path == Path.PIT && state.isPending(line) ? waiting + 1 : waiting;
    }

    /** With a split irqchip the 8259s have no line of the kernel's. */
    private boolean goesThroughIoapic(GuestState state) {
        return path.pullsKernelLine() && (irqchip == Irqchip.SPLIT || state.goesThroughIoapic(line));
    }

    private boolean waitsAtLine(GuestState state) {
        if (goesThroughIoapic(state)) {
            return state.ioapic().map(ioapic -> (ioapic.irr() & 1 << line) != 0).orElse(false);
        }
        return IsaLine.exists(line) && state.isPending(line);
    }

    /** Whether one was accepted by the CPU and its handler has not come to its end. */
    public boolean isInService(GuestState state, int expectedVector) {
        if (path == Path.NMI) {
            return state.events().nmiMasked();
        }
        return state.lapic().map(lapic -> lapic.isInService(expectedVector)).orElse(false)
                || pullsLine() && !goesThroughIoapic(state) && IsaLine.exists(line) && state.isInService(line);
    }
}
