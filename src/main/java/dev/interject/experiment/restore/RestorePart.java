package dev.interject.experiment.restore;

import java.util.List;

import dev.interject.experiment.situation.PendingSituation;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.machine.snapshot.Piece;

/**
 * What a situation with one irqchip has shown.
 *
 * @param changes how many changes of the order were tried
 * @param pieces  those that the machine has
 */
record RestorePart(List<RestoreRow> rows, int changes, List<Piece> pieces, List<String> notes) {

    /** This host lacks what the situation needs. */
    static RestorePart leftOut(PendingSituation situation, UnsupportedKvmException unsupported) {
        return new RestorePart(List.of(), 0, List.of(),
                List.of("%s is left out: %s".formatted(situation, unsupported.getMessage())));
    }
}
