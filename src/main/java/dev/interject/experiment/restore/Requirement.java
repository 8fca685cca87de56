package dev.interject.experiment.restore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.interject.machine.snapshot.Piece;

/**
 * What an order must keep to, as rows show.
 *
 * @param first  the piece that must be restored
 * @param second the piece that it must be restored before; empty if it must not be left out
 * @param rows   that go wrong otherwise
 */
public record Requirement(Piece first, Optional<Piece> second, List<RestoreRow> rows) {

    /** Copies the list. */
    public Requirement {
        rows = List.copyOf(rows);
    }

    /** A pair of pieces, or a piece alone. */
    private record Key(Piece first, Optional<Piece> second) {}

    /** The fewest requirements that explain the rows with a change: first the pieces alone, then the pairs. */
    static List<Requirement> of(List<RestoreRow> rows) {
        Map<Key, List<RestoreRow>> found = new TreeMap<>(
                Comparator.comparing((Key key) -> key.second().isPresent())
                        .thenComparing(Key::first)
                        .thenComparing(key -> key.second().orElse(key.first())));
        for (RestoreRow row : rows) {
            if (!row.isKept() && row.exact()) {
                row.change().ifPresent(change -> found.computeIfAbsent(key(change), _ -> new ArrayList<>()).add(row));
            }
        }
        return found.entrySet()
                .stream()
                .map(entry -> new Requirement(entry.getKey().first(), entry.getKey().second(), entry.getValue()))
                .toList();
    }

    private static Key key(OrderChange change) {
        return switch (change) {
            case OrderChange.LeftOut(Piece piece) -> new Key(piece, Optional.empty());
            case OrderChange.Swapped(Piece first, Piece second) -> new Key(first, Optional.of(second));
        };
    }

    /** In a few words. */
    public String describe() {
        return second.map(later -> "%s before %s".formatted(first, later)).orElseGet(() -> first + " not left out");
    }
}
