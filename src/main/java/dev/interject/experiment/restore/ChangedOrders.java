package dev.interject.experiment.restore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;

/** Tries each change of an order with one saved guest. */
final class ChangedOrders {

    private final PieceOrder order;
    private final BiFunction<Optional<OrderChange>, PieceOrder, RestoreRow> trial;
    /** Whether an order goes wrong, as far as it was tried. */
    private final Map<PieceOrder, Boolean> wrong = new HashMap<>();

    /** @param trial restores the guest in an order, more than once where that goes wrong */
    ChangedOrders(PieceOrder order, BiFunction<Optional<OrderChange>, PieceOrder, RestoreRow> trial) {
        this.order = order;
        this.trial = trial;
    }

    /** The changes that go wrong. */
    List<RestoreRow> wrong() {
        List<RestoreRow> rows = new ArrayList<>();
        for (OrderChange change : OrderChange.all(order)) {
            RestoreRow row = trial.apply(Optional.of(change), change.of(order));
            wrong.put(change.of(order), !row.isKept());
            if (!row.isKept()) {
                rows.add(row.withExact(isExact(change)));
            }
        }
        return rows;
    }

    /**
     * A swap also changes the order of each of the two with what is between them. It is their own order that decides if
     * one of them, moved alone, goes wrong only in its last step past the other.
     */
    private boolean isExact(OrderChange change) {
        return switch (change) {
            case OrderChange.LeftOut _ -> true;
            case OrderChange.Swapped(Piece first, Piece second) ->
                isWrong(order.movedBefore(second, first)) && !isWrong(order.movedAfter(second, first))
                        || isWrong(order.movedAfter(first, second)) && !isWrong(order.movedBefore(first, second));
        };
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
