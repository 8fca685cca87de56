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
 * @param anywhere whether it may be taken at any instruction, since this host does not keep to the right one
 * @param notes    where this host departs from the manuals
 */
record Expectation(List<Expected> expected, boolean anywhere, List<String> notes) {

    Expectation {
        expected = List.copyOf(expected);
        notes = List.copyOf(notes);
    }

    /** Brings a guest into the situation, and lets it run on; two guests must agree that this host departs. */
    static Expectation of(PendingSituation situation, Irqchip irqchip, int vcpus, Deadline deadline,
            Cancellation cancellation) {
        List<Expected> byTheManuals = situation.staging().expected();
        Seen seen = seen(situation, irqchip, vcpus, deadline, cancellation);
        boolean departs = seen.misplaced() || !seen.expected().equals(byTheManuals);
        if (!departs || !seen(situation, irqchip, vcpus, deadline, cancellation).equals(seen)) {
            return new Expectation(byTheManuals, false, List.of());
        }
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < byTheManuals.size(); i++) {
            Expected one = seen.expected().get(i);
            if (!one.equals(byTheManuals.get(i))) {
                notes.add("%s, %s: on this host the guest takes vector 0x%02x %d times and not %d, also if not saved"
                        .formatted(situation, irqchip, one.vector(), one.times(), byTheManuals.get(i).times()));
            }
        }
        if (seen.misplaced()) {
            notes.add("%s, %s: on this host the interrupt is taken before HLT, also if the guest is not saved"
                    .formatted(situation, irqchip));
        }
        return new Expectation(seen.expected(), seen.misplaced(), notes);
    }

    private record Seen(List<Expected> expected, boolean misplaced) {}

    private static Seen seen(PendingSituation situation, Irqchip irqchip, int vcpus, Deadline deadline,
            Cancellation cancellation) {
        Aftermath after = SavedGuest.neverSaved(situation, irqchip, vcpus, deadline, cancellation);
        if (after.rest() != Rest.ASLEEP) {
            throw new EndedEarlyException(after.rest() == Rest.ENDED ? Outcome.GUEST_CRASHED : Outcome.TIMED_OUT,
                    "%s, %s: the guest that is not saved does not come to rest".formatted(situation, irqchip));
        }
        List<Expected> taken = situation.staging()
                .expected()
                .stream()
                .map(one -> new Expected(one.vcpu(), one.vector(),
                        Math.toIntExact(after.counted().of(one.vcpu(), one.vector()))))
                .toList();
        return new Seen(taken, after.misplaced());
    }
}
