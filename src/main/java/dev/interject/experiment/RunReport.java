package dev.interject.experiment;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Ledger;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Way;

/**
 * What a run did.
 *
 * @param reason   why not everything was taken; empty where it was
 * @param irqchip  as the kernel said of the VM; as planned, where no VM came to be
 * @param line     the line pulled; empty where none is, as with a message or an NMI
 * @param vector   the vector awaited; empty where it never became known
 * @param way      the gates as they stood before the first interrupt; empty where it did not come to that
 * @param standing where the guest stood at the end of a run that was not all taken
 * @param witness  what KVM itself counted
 * @param warnings what the user should know, but what stopped nothing
 * @param notes    what the kernel and the guest did beyond that: when they were forced, spurious interrupts, a witness
 *                 that disagrees
 */
public record RunReport(RunPlan plan, Outcome outcome, Optional<String> reason, Irqchip irqchip, Path path,
        OptionalInt line, OptionalInt vector, Ledger ledger, InterruptLog interrupts, Optional<Way> way,
        Optional<Standing> standing, Witness witness, List<String> warnings, List<String> notes) {

    /** The report of a run that this host made impossible. */
    public static RunReport hostUnable(RunPlan plan, String reason) {
        return new RunReport(plan, Outcome.HOST_UNABLE, Optional.of(reason), plan.irqchip(), plan.effectivePath(),
                plan.line(), plan.vector(), new Ledger(plan.count(), plan.count(), 0, 0, 0), new InterruptLog(0),
                Optional.empty(), Optional.empty(), Witness.none(), List.of(), List.of());
    }
}
