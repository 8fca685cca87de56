package dev.interject.experiment.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.interrupt.CpuException;
import dev.interject.interrupt.delivery.Delivery;
import dev.interject.interrupt.delivery.Failure;
import dev.interject.interrupt.delivery.IdtEntry;
import dev.interject.interrupt.state.CpuState;
import dev.interject.kvm.state.QueuedException;
import dev.interject.kvm.state.VcpuEvents;
import dev.interject.machine.Machine;

/**
 * An entry of a guest's interrupt table.
 *
 * @param vector   0–255
 * @param queued   whether KVM has the event queued: it was about to be delivered
 * @param evidence the entry
 * @param handler  the handler as a symbol; empty if the image has none there
 * @param problem  why an event now would not get to the handler; empty if it would
 */
public record TableEntry(int vector, boolean queued, String evidence, String handler, Optional<String> problem) {

    private static final int INVALID_OPCODE = 6;

    /** What breaks a guest as a rule; a triple fault means that the delivery of #DF failed. */
    private static final List<Integer> OF_CRASHES = List.of(INVALID_OPCODE, CpuException.DOUBLE_FAULT,
            CpuException.GENERAL_PROTECTION, CpuException.PAGE_FAULT);

    /** Checks that nothing is missing. */
    public TableEntry {
        Objects.requireNonNull(evidence, "evidence");
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(problem, "problem");
    }

    /** Those of the queued events, and of a vCPU that crashed those of the exceptions that break a guest. */
    static List<TableEntry> of(Machine machine, CpuState cpu, boolean crashed) {
        VcpuEvents events = cpu.events();
        List<Integer> queued = new ArrayList<>();
        events.exception().map(QueuedException::vector).ifPresent(queued::add);
        if (events.interruptInjected()) {
            queued.add(events.interruptVector());
        }
        if (events.nmiInjected()) {
            queued.add(CpuException.NMI);
        }
        IntStream exceptions = OF_CRASHES.stream()
                .filter(vector -> crashed && !queued.contains(vector))
                .mapToInt(Integer::intValue);
        return Stream.concat(queued.stream().map(vector -> of(machine, cpu, vector, true)),
                exceptions.mapToObj(vector -> of(machine, cpu, vector, false))).toList();
    }

    private static TableEntry of(Machine machine, CpuState cpu, int vector, boolean queued) {
        boolean isException = vector != CpuException.NMI && !isQueuedInterrupt(cpu, vector);
        Delivery delivery = isException ? Delivery.ofException(cpu, vector) : Delivery.ofInterrupt(cpu, vector);
        IdtEntry entry = IdtEntry.of(cpu, vector);
        return new TableEntry(vector, queued, entry.evidence(),
                entry.isUsable() ? machine.symbolAt(entry.handler()) : "", delivery.failure().map(Failure::reason));
    }

    private static boolean isQueuedInterrupt(CpuState cpu, int vector) {
        return cpu.events().interruptInjected() && cpu.events().interruptVector() == vector;
    }
}
