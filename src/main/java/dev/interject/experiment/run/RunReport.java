package dev.interject.experiment.run;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.Report;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.CausedEvent;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.gate.GatePath;

/**
 * What a run did.
 *
 * @param reason   why not everything was taken; empty where it was
 * @param irqchip  as the kernel said of the VM; as planned, where no VM came to be
 * @param vcpu     the vCPU that was meant
 * @param lines    the lines pulled; empty where none is, as with a message or an NMI
 * @param vector   the vector awaited, of the first line; empty where it never became known
 * @param account  what became of them all
 * @param way      the gates of the first line as they stood before the first interrupt; empty where it did not come to
 *                 that
 * @param wayAtEnd the gates of the first line that has something left, as they stood at the end; empty where all was
 *                 taken
 * @param handlers what the meant vCPU's handlers counted, by vector
 * @param caused   the events that the guest caused itself, before it was ready
 * @param witness  what KVM itself counted
 * @param warnings what the user should know, but what stopped nothing
 * @param notes    what the kernel and the guest did beyond that: when they were forced, spurious interrupts, a witness
 *                 that disagrees
 */
public record RunReport(RunPlan plan, Outcome outcome, Optional<String> reason, Irqchip irqchip, Path path, int vcpu,
        List<Integer> lines, OptionalInt vector, LedgerBreakdown account, InterruptLog interrupts,
        Optional<GatePath> way,
        Optional<GatePath> wayAtEnd, SortedMap<Integer, Long> handlers, List<CausedEvent> caused, KvmCounters witness,
        List<String> warnings,
        List<String> notes) implements Report {

    /** The report of a run that this host made impossible. */
    public static RunReport hostUnable(RunPlan plan, String reason) {
        return new RunReport(plan, Outcome.HOST_UNABLE, Optional.of(reason), plan.irqchip(), plan.effectivePath(), 0,
                plan.lines(), plan.vector(), LedgerBreakdown.refused(plan.count()), new InterruptLog(0),
                Optional.empty(),
                Optional.empty(),
                Collections.emptySortedMap(), List.of(), KvmCounters.none(), List.of(), List.of());
    }

    /** Of all vCPUs and lines together. */
    public Ledger ledger() {
        return account.ledger();
    }

    /** Where the guest stood at the end of a run that was not all taken. */
    public Optional<GuestPosition> standing() {
        return account.standing();
    }

    /** The only line or the first; empty where none is pulled. */
    public OptionalInt line() {
        return lines.stream().mapToInt(Integer::intValue).findFirst();
    }
}
