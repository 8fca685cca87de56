package dev.interject.machine.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.interject.interrupt.Irqchip;

/**
 * A virtual machine's state at one instant.
 *
 * @param irqchip     where its interrupt controllers live
 * @param pit         whether the kernel has a PIT for it
 * @param vcpus       how many vCPUs it has
 * @param memoryBytes the size of its RAM
 * @param pieces      what was saved, in the order in which it was read
 */
public record Snapshot(Irqchip irqchip, boolean pit, int vcpus, long memoryBytes, List<SavedPiece> pieces) {

    /** Copies the list. */
    public Snapshot {
        Objects.requireNonNull(irqchip, "irqchip");
        pieces = List.copyOf(pieces);
    }

    /** The content of a piece; empty if the machine has none. */
    public Optional<byte[]> content(Piece piece, int vcpu) {
        return pieces.stream()
                .filter(saved -> saved.piece() == piece && saved.vcpu() == vcpu)
                .map(SavedPiece::content)
                .findFirst();
    }

    /** Which pieces the machine has, in the order of {@link Piece}. */
    public List<Piece> kinds() {
        return pieces.stream().map(SavedPiece::piece).distinct().sorted().toList();
    }

    /** The same state with another content of one piece. */
    public Snapshot with(SavedPiece changed) {
        List<SavedPiece> others = new ArrayList<>(pieces);
        others.removeIf(saved -> saved.piece() == changed.piece() && saved.vcpu() == changed.vcpu());
        others.add(changed);
        return new Snapshot(irqchip, pit, vcpus, memoryBytes, others);
    }
}
