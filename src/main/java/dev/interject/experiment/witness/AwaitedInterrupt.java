package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.interject.experiment.image.ImageInterrupt;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.delivery.CpuFault;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.Failure;
import dev.interject.interrupt.delivery.Step;
import dev.interject.interrupt.delivery.StepKind;
import dev.interject.interrupt.gate.Branch;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Input;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Acceptance;
import dev.interject.interrupt.route.Pending;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.machine.Machine;

/**
 * One interrupt, from its injection on: what was true just before, and where its request is now.
 *
 * <p>A controller keeps one request of a vector or line at a time. So once this one was accepted and was not merged,
 * the next request that the CPU acknowledges is this one, also where a device of the guest drives the same line.
 */
final class AwaitedInterrupt {

    /** KVM injects what an eventfd signals in a worker thread; even on a busy host that has run by then. */
    private static final Duration LATEST_ARRIVAL = Duration.ofSeconds(3);
    /** A guest whose exceptions raise exceptions crashes when its stack ends, which takes its time in an emulator. */
    private static final Duration LATEST_CRASH = Duration.ofSeconds(10);
    private static final Set<Route> BY_EVENTFD = Set.of(Route.IRQFD, Route.MSI_IRQFD);
    private static final Set<Fate> NOT_ARRIVING = EnumSet.of(Fate.DROPPED, Fate.MISROUTED);

    private final ImageInterrupt interrupt;
    private final Machine machine;
    private final ResolvedInjection target;
    private final GatePath gates;
    private final int vector;
    private final boolean wasInService;
    /** How many of the same vector the CPU takes first. */
    private final int earlier;
    private final long queuedBefore;
    private long injectedAt;
    private int status = Injector.NO_STATUS;
    private boolean wasPending;
    private int looksWithoutIt;

    /**
     * @param before       the state in which it is injected
     * @param queuedBefore how many times its vector was queued for the vCPU in a window so far
     */
    AwaitedInterrupt(ImageInterrupt interrupt, Machine machine, GuestState before, GatePath gates,
            long queuedBefore) {
        this.interrupt = interrupt;
        this.machine = machine;
        this.target = interrupt.in(before, gates);
        this.gates = gates;
        this.vector = gates.vector();
        GuestState seen = before.seenBy(target.vcpu());
        this.wasInService = gates.leadsToAVector() && target.isInService(seen, vector);
        this.earlier = gates.leadsToAVector() ? target.pendingBefore(seen, vector) : 0;
        this.queuedBefore = queuedBefore;
    }

    /** Whether a request of its line or vector waits that the state before did not show. */
    boolean isLatched(Pending pending) {
        return target.route().isMaskable() && target.waiting(pending, vector) > 0;
    }

    void inject(Injector injector) {
        injectedAt = System.nanoTime();
        status = injector.inject();
    }

    ResolvedInjection target() {
        return target;
    }

    /** The vector at which it arrives, or -1 if it does not. */
    int vector() {
        return vector;
    }

    long injectedAt() {
        return injectedAt;
    }

    int status() {
        return status;
    }

    /** What the controllers did with it, by the gates and its status. */
    Acceptance acceptance() {
        Fate fate = gates.predictionWhenRunning().fate();
        if (NOT_ARRIVING.contains(fate) || !gates.leadsToAVector()) {
            return Acceptance.IGNORED;
        }
        return switch (fate) {
            case MERGES -> Acceptance.COALESCED;
            case WAITS -> Acceptance.ACCEPTED;
            case TAKEN, UNKNOWN, BREAKS, DROPPED, MISROUTED -> byStatus();
        };
    }

    private Acceptance byStatus() {
        boolean isIgnored = status != Injector.NO_STATUS
                && (status <= 0 && gates.has(Verdict.MISROUTED) || status == 0 && !gates.showsCoalescing());
        return isIgnored ? Acceptance.IGNORED : target.route().acceptance(status, target.trigger());
    }

    /** Whether the CPU is expected to take it. */
    boolean isExpected() {
        return acceptance() == Acceptance.ACCEPTED;
    }

    /** Whether its request waits: in a controller, in the queue, or at the vCPU. */
    boolean isPending(GuestState state) {
        boolean waitsForWindow = target.route().isQueuedInUserSpace() && !target.pullsLine()
                && machine.vectorsWaiting() > 0;
        return waitsForWindow || target.waiting(state.seenBy(target.vcpu()), vector) > 0;
    }

    /** Whether its request waits no more, at this look and at the one before; one that may still arrive is not gone. */
    boolean isGone(GuestState state) {
        if (isPending(state)) {
            wasPending = true;
            looksWithoutIt = 0;
            return false;
        }
        looksWithoutIt++;
        boolean hasArrived = wasPending || !BY_EVENTFD.contains(target.route())
                || System.nanoTime() - injectedAt > LATEST_ARRIVAL.toNanos();
        return looksWithoutIt > 1 && hasArrived;
    }

    /** Whether it or an earlier one of the same vector is about to be delivered. */
    boolean isAboutToBeDelivered(GuestState state) {
        VcpuEvents events = state.seenBy(target.vcpu()).cpu().events();
        return target.route().isMaskable()
                ? events.interruptInjected() && events.interruptVector() == vector
                : events.nmiInjected();
    }

    /** Whether it is still on its way: its request waits, or KVM tries again to deliver what the vCPU has accepted. */
    boolean isHeld(GuestState state) {
        return isPending(state) || isAboutToBeDelivered(state);
    }

    /**
     * Whether its delivery leads to its handler, by the tables of this state. If it raises an exception, the CPU has
     * accepted the interrupt, but what runs is the exception's handler, which may be the same code.
     */
    boolean hasHandler(GuestState state) {
        List<Step> steps = Delivery.ofInterrupt(state.seenBy(target.vcpu()).cpu(), vector).steps();
        boolean isOnOwnStack = steps.stream().anyMatch(step -> step.kind() == StepKind.STACK_OF_TSS);
        return steps.stream().noneMatch(step -> fails(step, isOnOwnStack));
    }

    /** Whether what its delivery raises may still crash the guest: it is too early to say what happened to it. */
    boolean mayCrash(GuestState state) {
        return !hasHandler(state) && System.nanoTime() - injectedAt < LATEST_CRASH.toNanos();
    }

    /** @param isOnOwnStack whether the handler has a stack of its own; on another, it may have used up the room */
    private static boolean fails(Step step, boolean isOnOwnStack) {
        return !step.kind().isNotUniversal() && step.failure().filter(failure -> switch (failure) {
            case CpuFault _ -> isOnOwnStack || step.kind() != StepKind.FRAME;
            case Failure.NoException _ -> true;
            case Failure.Unknown _ -> false;
        }).isPresent();
    }

    private boolean isInService(GuestState state) {
        return target.isInService(state.seenBy(target.vcpu()), vector);
    }

    /** Whether the CPU has taken its request, rather than another one of the same vector or none. */
    boolean isAcknowledged(GuestState state) {
        if (isAboutToBeDelivered(state)) {
            return false;
        }
        return isNewlyInService(state)
                || !isPending(state) && (isInService(state) || !mustBeInService(state));
    }

    /** Whether the ISR shows what the CPU takes, until its EOI. */
    private boolean mustBeInService(GuestState state) {
        if (!target.route().isMaskable()) {
            return false;
        }
        Optional<Input> input = interrupt.gates(state).main().map(Branch::input);
        return input.map(where -> switch (where.chip()) {
            case PIC -> !isEndedAtOnce(state, where.pin());
            case IOAPIC, LAPIC ->
                HostDepartures.find(ConformanceProbe.LAPIC_IN_SERVICE) instanceof Finding.Kept;
            case CPU -> false;
        }).orElse(false);
    }

    private static boolean isEndedAtOnce(GuestState state, int line) {
        ControllerState controllers = state.controllers();
        return controllers.chip(line).autoEoi();
    }

    /**
     * Whether the state cannot tell if the CPU has taken it: a level that is still high is sent again at once by an
     * IOAPIC whose LAPIC ends it when the CPU takes it, and looks like one that waits.
     */
    boolean isIndistinct(GuestState state) {
        boolean isSentAgain = interrupt.gates(state)
                .main()
                .map(Branch::input)
                .filter(input -> input.chip() == Input.Chip.IOAPIC && isLevel(state, input.pin()))
                .isPresent();
        return target.trigger() == Trigger.LEVEL && isSentAgain && !isInService(state)
                && !(HostDepartures.find(ConformanceProbe.LAPIC_IN_SERVICE) instanceof Finding.Kept);
    }

    private static boolean isLevel(GuestState state, int pin) {
        return state.controllers().ioapic().orElseThrow().entries().get(pin).isLevel();
    }

    /** How many times the vector was queued for the vCPU in an injection window since. */
    long timesQueued() {
        return machine.vcpu(target.vcpu()).vectorsQueued(vector) - queuedBefore;
    }

    /**
     * Who besides a breakpoint has seen that the CPU has taken it, once its request waits no more: the controllers in
     * this process that queued it for the vCPU, or its bit in the ISR, which its handler has not ended yet.
     */
    Optional<Witness> otherWitness(GuestState state) {
        return timesQueued() > 0 ? Optional.of(Witness.CONTROLLERS)
                : isNewlyInService(state) ? Optional.of(Witness.COUNTERS) : Optional.empty();
    }

    /** Whether the ISR has it, and had none of its line or vector before. */
    boolean isNewlyInService(GuestState state) {
        return isInService(state) && !wasInService && earlier == 0;
    }

    /** Whether nothing kept it from the CPU when it was injected. */
    boolean wasOpen() {
        return gates.prediction().fate() == Fate.TAKEN && earlier == 0;
    }
}
