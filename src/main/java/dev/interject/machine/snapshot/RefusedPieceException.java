package dev.interject.machine.snapshot;

/** KVM does not take a piece of a saved state. The message names the piece, and the call with its errno. */
public final class RefusedPieceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedPieceException(SavedPiece piece, int vcpus, RuntimeException cause) {
        super("%s: %s".formatted(piece.describe(vcpus), cause.getMessage()), cause);
    }
}
