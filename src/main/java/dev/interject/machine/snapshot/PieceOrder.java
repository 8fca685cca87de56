package dev.interject.machine.snapshot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The order in which pieces are restored. A piece that is not in it is left as the new machine has it.
 *
 * @param pieces each at most once
 */
public record PieceOrder(List<Piece> pieces) {

    /** @throws IllegalArgumentException if a piece is there twice */
    public PieceOrder {
        pieces = List.copyOf(pieces);
        Set<Piece> seen = EnumSet.noneOf(Piece.class);
        for (Piece piece : pieces) {
            if (!seen.add(piece)) {
                throw new IllegalArgumentException("an order names each piece once, and '%s' twice".formatted(piece));
            }
        }
    }

    /** The order that Interject recommends, of all pieces. */
    public static PieceOrder recommended() {
        return new PieceOrder(List.of(Piece.values()));
    }

    /** This order with nothing but these pieces. */
    public PieceOrder only(List<Piece> kept) {
        return new PieceOrder(pieces.stream().filter(kept::contains).toList());
    }

    /** This order without a piece. */
    public PieceOrder without(Piece left) {
        return new PieceOrder(pieces.stream().filter(piece -> piece != left).toList());
    }

    /** This order with some pieces directly before another one; all must be in it. */
    public PieceOrder movedBefore(List<Piece> moved, Piece other) {
        List<Piece> changed = without(moved);
        changed.addAll(changed.indexOf(other), moved);
        return new PieceOrder(changed);
    }

    /** This order with some pieces directly after another one; all must be in it. */
    public PieceOrder movedAfter(List<Piece> moved, Piece other) {
        List<Piece> changed = without(moved);
        changed.addAll(changed.indexOf(other) + 1, moved);
        return new PieceOrder(changed);
    }

    private List<Piece> without(List<Piece> some) {
        List<Piece> others = new ArrayList<>(pieces);
        others.removeAll(some);
        return others;
    }

    /** This order with two pieces in each other's place; both must be in it. */
    public PieceOrder swapped(Piece one, Piece other) {
        List<Piece> changed = new ArrayList<>(pieces);
        Collections.swap(changed, pieces.indexOf(one), pieces.indexOf(other));
        return new PieceOrder(changed);
    }
}
