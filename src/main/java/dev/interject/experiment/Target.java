package dev.interject.experiment;

import java.util.OptionalInt;

import dev.interject.interrupt.Gates;
import dev.interject.interrupt.GuestState;
import dev.interject.interrupt.Injector;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.Verdict;
import dev.interject.interrupt.Way;
import dev.interject.kvm.MsiMessage;
import dev.interject.machine.Machine;

/**
 * What is injected, with everything that the plan left open decided.
 *
 * @param irqchip where the controllers are to live
 * @param line    the line that the guest opens, and that is pulled on the paths that pull one
 * @param vector  a vector given by number, or empty
 * @param message what is sent on the paths that send a message
 */
record Target(Irqchip irqchip, Path path, int line, OptionalInt vector, MsiMessage message, Trigger trigger) {

    /** Where a message goes unless the plan says otherwise: not a vector of the 8259s' or of an IOAPIC pin. */
    private static final int MESSAGE_VECTOR = 0x50;
    private static final int BOOT_APIC_ID = 0;

    static Target of(RunPlan plan, LineChoice lines) {
        MsiMessage standard = MsiMessage.fixed(BOOT_APIC_ID, plan.vector().orElse(MESSAGE_VECTOR));
        MsiMessage message = plan.address().isPresent()
                ? new MsiMessage(plan.address().getAsInt(), standard.data())
                : standard;
        return new Target(plan.irqchip(), plan.effectivePath(), plan.line().orElseGet(lines::pickFree), plan.vector(),
                message,
                plan.trigger());
    }

    /** Whether a line is pulled at all. */
    boolean pullsLine() {
        return path == Path.LINE || path == Path.IRQFD
                || path == Path.VECTOR && vector.isEmpty() && irqchip != Irqchip.KERNEL;
    }

    /** Whether the line matters: it is pulled, or names the vector. */
    boolean usesLine() {
        return pullsLine() || path == Path.VECTOR && vector.isEmpty();
    }

    Way way(GuestState state) {
        return switch (path) {
            case LINE, IRQFD -> Gates.ofKernelLine(state, path, line);
            case MSI, MSI_ROUTE, MSI_IRQFD -> Gates.ofMessage(state, path, message);
            case NMI -> Gates.ofNmi(state);
            case VECTOR -> pullsLine()
                    ? Gates.ofUserspaceLine(state, line)
                    : Gates.ofVector(state, vector.orElseGet(() -> state.vectorOf(line)));
        };
    }

    /** The injector for this target; one that ignores the window where a forced way needs that. */
    Injector injector(Machine machine, Way way) {
        return switch (path) {
            case LINE -> machine.kernelLine(line, trigger);
            case IRQFD -> machine.irqfd(line, trigger);
            case MSI -> machine.message(message);
            case MSI_ROUTE -> machine.routedMessage(message);
            case MSI_IRQFD -> machine.routedMessageByIrqfd(message);
            case NMI -> machine.nmi();
            case VECTOR -> vectorInjector(machine, way);
        };
    }

    private Injector vectorInjector(Machine machine, Way way) {
        boolean closed = way.has(Verdict.NOT_NOW) || machine.irqchip() == Irqchip.KERNEL;
        if (closed) {
            return machine.forcedVector(way.vector());
        }
        return pullsLine() ? machine.userspaceLine(line, trigger) : machine.vector(way.vector());
    }

    /** Whether an interrupt of this target waits somewhere in the controllers or at the vCPU. */
    boolean waits(GuestState state, int expectedVector, boolean guestRuns) {
        if (state.events().interruptInjected() || path == Path.NMI
                && (state.events().nmiPending() || guestRuns && state.events().nmiMasked())) {
            return true;
        }
        boolean inLapic = state.lapic()
                .map(lapic -> lapic.isRequested(expectedVector)
                        || guestRuns && lapic.isInService(expectedVector))
                .orElse(false);
        return inLapic || pullsLine() && waitsAtLine(state, guestRuns);
    }

    private boolean waitsAtLine(GuestState state, boolean guestRuns) {
        if (state.goesThroughIoapic(line)) {
            return state.ioapic().map(ioapic -> (ioapic.irr() & 1 << line) != 0).orElse(false);
        }
        return IsaLine.exists(line) && (state.isPending(line) || guestRuns && state.isInService(line));
    }
}
