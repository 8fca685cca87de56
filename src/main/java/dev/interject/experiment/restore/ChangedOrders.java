package dev.interject.experiment.restore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;

/** Tries each change of an order with one saved guest. */
final class ChangedOrders {

    private final PieceOrder order;
    private final BiFunction<Optional<OrderChange>, PieceOrder, RestoreRow> trial;
    /** Whether an order goes wrong, as far as it was tried. */
    private final Map<PieceOrder, Boolean> wrong = new HashMap<>();
    /** The pairs whose order is known to matter. */
    private final Set<OrderChange.Swapped> needed = new HashSet<>();

    /** @param trial restores the guest in an order, more than once where that goes wrong */
    ChangedOrders(PieceOrder order, BiFunction<Optional<OrderChange>, PieceOrder, RestoreRow> trial) {
        this.order = order;
        this.trial = trial;
    }

    /** The changes that go wrong. */
    List<RestoreRow> wrong() {
        List<RestoreRow> rows = new ArrayList<>();
        for (OrderChange change : OrderChange.all(order)) { // near pairs first
            RestoreRow row = trial.apply(Optional.of(change), change.of(order));
            wrong.put(change.of(order), !row.isKept());
            if (!row.isKept()) {
                rows.add(row.withExact(isExact(change)));
            }
        }
        return rows;
    }

    private boolean isExact(OrderChange change) {
        return switch (change) {
            case OrderChange.LeftOut _ -> true;
            case OrderChange.Swapped pair -> {
                boolean exact = decides(pair);
                if (exact) {
                    needed.add(pair);
                }
                yield exact;
            }
        };
    }

    /**
     * A swap also changes the order of each of the two with what is between them. It is their own order that decides if
     * one of them, moved with what must stay before or after it, goes wrong only in its last step past the other.
     */
    private boolean decides(OrderChange.Swapped pair) {
        if (follows(pair.first(), pair.second())) {
            return false;
        }
        List<Piece> between = order.pieces()
                .subList(order.pieces().indexOf(pair.first()) + 1, order.pieces().indexOf(pair.second()));
        List<Piece> earlier = withThoseBefore(pair.second(), between);
        List<Piece> later = withThoseAfter(pair.first(), between);
        return isWrong(order.movedBefore(earlier, pair.first())) && !isWrong(order.movedAfter(earlier, pair.first()))
                || isWrong(order.movedAfter(later, pair.second()))
                        && !isWrong(order.movedBefore(later, pair.second()));
    }

    /** Whether it follows from pairs that are known: something must come after the first and before the second. */
    private boolean follows(Piece first, Piece second) {
        return needed.stream()
                .anyMatch(pair -> pair.first() == first
                        && (pair.second() == second || follows(pair.second(), second)));
    }

    /** A piece, and those of some that must come before it, in their order. */
    private List<Piece> withThoseBefore(Piece piece, List<Piece> some) {
        Set<Piece> block = new HashSet<>(Set.of(piece));
        for (Piece candidate : some.reversed()) {
            if (needed.stream().anyMatch(pair -> pair.first() == candidate && block.contains(pair.second()))) {
                block.add(candidate);
            }
        }
        return order.pieces().stream().filter(block::contains).toList();
    }

    /** A piece, and those of some that must come after it, in their order. */
    private List<Piece> withThoseAfter(Piece piece, List<Piece> some) {
        Set<Piece> block = new HashSet<>(Set.of(piece));
        for (Piece candidate : some) {
            if (needed.stream().anyMatch(pair -> pair.second() == candidate && block.contains(pair.first()))) {
                block.add(candidate);
            }
        }
        return order.pieces().stream().filter(block::contains).toList();
    }

    private boolean isWrong(PieceOrder changed) {
        if (changed.equals(order)) {
            return false;
        }
        Boolean known = wrong.get(changed);
        if (known == null) {
            known = !trial.apply(Optional.empty(), changed).isKept();
            wrong.put(changed, known);
        }
        return known;
    }
}
