package dev.interject.interrupt.route;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import dev.interject.device.Ioapic;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Request;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;

/**
 * What is injected and where, with a value for everything that a plan may leave open.
 *
 * @param irqchip where the controllers live
 * @param vcpu    the target vCPU
 * @param line    the line that the guest opens; pulled on the paths that pull one
 * @param vector  the vector, where it is given by number; otherwise empty
 * @param message what is sent on the paths that send a message
 * @param icr     what vCPU 0 writes to its ICR on path ipi
 * @param takesNmis whether the guest's handler of vector 2 is one for NMIs
 */
public record ResolvedInjection(Irqchip irqchip, Route route, int vcpu, int line, OptionalInt vector,
        MsiMessage message, Icr icr, Trigger trigger, boolean takesNmis) implements Request {

    public ResolvedInjection {
        requireNonNull(irqchip, "irqchip");
        requireNonNull(route, "route");
        requireNonNull(vector, "vector");
        requireNonNull(message, "message");
        requireNonNull(icr, "icr");
        requireNonNull(trigger, "trigger");
    }

    /** The same for another target. */
    public ResolvedInjection to(int other) {
        return new ResolvedInjection(irqchip, route, other, line, vector, message, icr, trigger, takesNmis);
    }

    /** The same for a vCPU that it is addressed to; the planned one, if it is among them or none is. */
    public ResolvedInjection addressedIn(GuestState state) {
        return IntStream.concat(IntStream.of(vcpu), IntStream.range(0, state.vcpus()))
                .mapToObj(this::to)
                .filter(other -> other.gatePath(state.seenBy(other.vcpu())).isAddressed())
                .findFirst()
                .orElse(this);
    }

    @Override
    public String request(Irqchip where) {
        return route.request(where);
    }

    @Override
    public String withoutIrqchip() {
        return route.withoutIrqchip();
    }

    /** Whether a line is pulled. */
    public boolean pullsLine() {
        return route.pullsLine(this);
    }

    /** Whether the line matters: it is pulled, driven by a timer in the kernel, or it determines the vector. */
    public boolean usesLine() {
        return route.usesLine(this);
    }

    /** The gates on the path, in the given state of the guest. */
    public GatePath gatePath(GuestState state) {
        return route.gatePath(this, state);
    }

    /** The injector. If the window is closed, it does not wait for the window. */
    public Injector injector(InjectorFactory injectors, GatePath gates) {
        return route.injector(this, injectors, gates);
    }

    /** The injector. If the path has a window, it waits for the window. */
    public Injector waitingInjector(InjectorFactory injectors, GatePath gates) {
        return route.waitingInjector(this, injectors, gates);
    }

    /** Whether the status of each injection shows if the interrupt coalesced. */
    public boolean reportsCoalescing(GuestState state) {
        return route.reportsCoalescing(this, state);
    }

    /** How many interrupts of this injection are pending at the vCPU; 0 or 1, for an NMI up to 2. */
    public int waiting(Pending pending, int expectedVector) {
        return route.waiting(this, pending, expectedVector);
    }

    /** How many interrupts of this injection are pending in the controllers or at the vCPU. */
    public int waiting(GuestState state, int expectedVector) {
        return route.waiting(this, state, expectedVector);
    }

    /**
     * How many interrupts are pending at the vCPU that sees this state and would arrive at the same vector: the guest
     * takes them before one that is injected now, or one that is injected now merges with them.
     */
    public int pendingBefore(GuestState state, int expectedVector) {
        return route.pendingBefore(this, state, expectedVector);
    }

    /** Whether the CPU has accepted one whose handler has not finished. */
    public boolean isInService(GuestState state, int expectedVector) {
        return route.isInService(this, state, expectedVector);
    }

    /** Why it cannot be injected at all: controllers in user space have their lines and no more; KVM ignores others. */
    public Optional<String> refusalOfLine() {
        boolean isOfPic = route.isQueuedInUserSpace();
        int lines = isOfPic ? IsaLine.values().length : Ioapic.PINS;
        boolean isDrivenHere = pullsLine() && irqchip != Irqchip.KERNEL && route != Route.IRQFD;
        return isDrivenHere && line >= lines
                ? Optional.of("there is no line %d: the %s lines 0 to %d".formatted(line,
                        isOfPic ? "8259s have" : "IOAPIC has", lines - 1))
                : Optional.empty();
    }

    /** Why it cannot be injected while vCPU 0 is single-stepped; empty if it can. */
    public Optional<String> refusalOfSteps() {
        if (route.isRaisedByGuest()) {
            return Optional.of(("path %s needs a guest that runs, since the guest itself raises the interrupt: "
                    + "take a path from outside").formatted(route));
        }
        return vcpu == 0
                ? Optional.empty()
                : Optional.of("vCPU 0 is single-stepped, and the target of the interrupt is vCPU %d".formatted(vcpu));
    }
}
