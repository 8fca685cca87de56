package dev.interject.experiment.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import dev.interject.experiment.restore.TrialResult.Kind;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Whether the requirements that are found are those that the guest really has. */
class ChangedOrdersTest {

    private static final PieceOrder ORDER = PieceOrder.recommended();

    /** A piece that must come before another one. */
    private record Pair(Piece first, Piece second) {

        boolean isKept(PieceOrder order) {
            int at = order.pieces().indexOf(first);
            int then = order.pieces().indexOf(second);
            return at < 0 || then < 0 || at < then;
        }

        @Override
        public String toString() {
            return "%s before %s".formatted(first, second);
        }
    }

    @RepeatedTest(300)
    void requirements_areThoseOfTheGuest(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Pair> pairs = new ArrayList<>();
        for (int i = random.nextInt(1, 7); i > 0; i--) {
            int first = random.nextInt(Piece.values().length - 1);
            int second = random.nextInt(first + 1, Piece.values().length);
            pairs.add(new Pair(Piece.values()[first], Piece.values()[second]));
        }
        Set<String> wanted = new TreeSet<>(pairs.stream()
                .filter(pair -> !isImplied(pair, pairs))
                .map(Pair::toString)
                .toList());

        assertThat(found(pairs, Set.of())).as("%s", wanted).isEqualTo(wanted);
    }

    /** Whether it follows from two others: a piece must come after the first and before the second. */
    private static boolean isImplied(Pair pair, List<Pair> pairs) {
        return pairs.stream()
                .filter(other -> other.first() == pair.first() && other.second() != pair.second())
                .anyMatch(other -> other.second() != pair.second()
                        && reaches(other.second(), pair.second(), pairs));
    }

    private static boolean reaches(Piece from, Piece to, List<Pair> pairs) {
        return from == to || pairs.stream()
                .anyMatch(pair -> pair.first() == from && reaches(pair.second(), to, pairs));
    }

    @Test
    void piecesThatMustNotBeLeftOut_areFound() {
        Set<Piece> needed = Set.of(Piece.LAPIC, Piece.EVENTS);

        assertThat(found(List.of(), needed)).containsExactly("events not left out", "lapic not left out");
    }

    private static Set<String> found(List<Pair> pairs, Set<Piece> needed) {
        List<RestoreRow> rows = new ChangedOrders(ORDER, (change, order) -> {
            boolean kept = pairs.stream().allMatch(pair -> pair.isKept(order)) && order.pieces().containsAll(needed);
            return row(change, kept);
        }).wrong();
        Set<String> found = new TreeSet<>();
        Requirement.of(rows).forEach(requirement -> found.add(requirement.describe()));
        return found;
    }

    private static RestoreRow row(Optional<OrderChange> change, boolean kept) {
        TrialResult result = new TrialResult(kept ? Kind.KEPT : Kind.LOST, "", 1, kept ? 1 : 0, kept ? 0 : 1, 0,
                OptionalLong.empty(), List.of());
        return new RestoreRow(PendingSituation.LINE_EDGE, Irqchip.KERNEL, "sleep", change, false, result, 1,
                kept ? 0 : 1);
    }
}
