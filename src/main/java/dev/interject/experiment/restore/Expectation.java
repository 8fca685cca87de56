package dev.interject.experiment.restore;

import java.util.ArrayList;
import java.util.List;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.situation.Aftermath;
import dev.interject.experiment.situation.Expected;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.experiment.situation.RestWatch.Rest;
import dev.interject.interrupt.Irqchip;

/**
 * What a restored guest must take: what it takes on this host if it is neither saved nor restored.
 *
 * @param expected by vector
 * @param notes    where this host departs from the manuals
 */
record Expectation(List<Expected> expected, List<String> notes) {

    Expectation {
        expected = List.copyOf(expected);
        notes = List.copyOf(notes);
    }

    /** Brings a guest into the situation, and lets it run on; two guests must agree that this host departs. */
    static Expectation of(PendingSituation situation, Irqchip irqchip, Deadline deadline, Cancellation cancellation) {
        List<Expected> byTheManuals = situation.staging().expected();
        List<Expected> seen = seen(situation, irqchip, deadline, cancellation);
        if (seen.equals(byTheManuals) || !seen(situation, irqchip, deadline, cancellation).equals(seen)) {
            return new Expectation(byTheManuals, List.of());
        }
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            if (!seen.get(i).equals(byTheManuals.get(i))) {
                notes.add("%s, %s: on this host the guest takes vector 0x%02x %d times and not %d, also if not saved"
                        .formatted(situation, irqchip, seen.get(i).vector(), seen.get(i).times(),
                                byTheManuals.get(i).times()));
            }
        }
        return new Expectation(seen, notes);
    }

    private static List<Expected> seen(PendingSituation situation, Irqchip irqchip, Deadline deadline,
            Cancellation cancellation) {
        Aftermath after = SavedGuest.neverSaved(situation, irqchip, deadline, cancellation);
        if (after.rest() != Rest.ASLEEP) {
            throw new EndedEarlyException(after.rest() == Rest.ENDED ? Outcome.GUEST_CRASHED : Outcome.TIMED_OUT,
                    "%s, %s: the guest that is not saved does not come to rest".formatted(situation, irqchip));
        }
        return situation.staging()
                .expected()
                .stream()
                .map(one -> new Expected(one.vcpu(), one.vector(),
                        Math.toIntExact(after.counted().of(one.vcpu(), one.vector()))))
                .toList();
    }
}
