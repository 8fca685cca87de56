package dev.interject.experiment.restore;

import java.util.ArrayList;
import java.util.List;

import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;

/** What is different from an order of restoring pieces. */
public sealed interface OrderChange {

    /** The changed order. */
    PieceOrder of(PieceOrder order);

    /** In a few words. */
    String describe();

    /**
     * Two pieces are in each other's place.
     *
     * @param first the one that comes first in the order that is changed
     */
    record Swapped(Piece first, Piece second) implements OrderChange {

        @Override
        public PieceOrder of(PieceOrder order) {
            return order.swapped(first, second);
        }

        @Override
        public String describe() {
            return "%s in place of %s".formatted(second, first);
        }
    }

    /** A piece is not restored. */
    record LeftOut(Piece piece) implements OrderChange {

        @Override
        public PieceOrder of(PieceOrder order) {
            return order.without(piece);
        }

        @Override
        public String describe() {
            return "without " + piece;
        }
    }

    /** Every change of an order: each piece left out, and each two pieces swapped, near ones first. */
    static List<OrderChange> all(PieceOrder order) {
        List<Piece> pieces = order.pieces();
        List<OrderChange> changes = new ArrayList<>();
        pieces.forEach(piece -> changes.add(new LeftOut(piece)));
        for (int distance = 1; distance < pieces.size(); distance++) {
            for (int first = 0; first + distance < pieces.size(); first++) {
                changes.add(new Swapped(pieces.get(first), pieces.get(first + distance)));
            }
        }
        return changes;
    }
}
