package dev.interject.machine.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A piece as it was saved.
 *
 * @param vcpu    the vCPU that it belongs to, from 0; 0 for a piece of the whole machine
 * @param content its bytes; not to be changed
 */
public record SavedPiece(Piece piece, int vcpu, byte[] content) {

    /** Checks that there are bytes. */
    public SavedPiece {
        Objects.requireNonNull(piece, "piece");
        Objects.requireNonNull(content, "content");
    }

    /** The eventfd of a GSI that a device has signalled once while it was bound to no VM. */
    public static SavedPiece signalledIrqfd(int gsi) {
        return new SavedPiece(Piece.IRQFDS, 0, IntBytes.write(List.of(gsi, 1)));
    }

    /** Its name, with its vCPU where there are several. */
    public String describe(int vcpus) {
        return piece.isOfVcpu() && vcpus > 1 ? "%s of vCPU %d".formatted(piece, vcpu) : piece.label();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SavedPiece saved && saved.piece == piece && saved.vcpu == vcpu
                && Arrays.equals(saved.content, content);
    }

    @Override
    public int hashCode() {
        return Objects.hash(piece, vcpu, Arrays.hashCode(content));
    }
}
