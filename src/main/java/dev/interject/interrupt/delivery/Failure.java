package dev.interject.interrupt.delivery;

import dev.interject.interrupt.state.Piece;

/** Why an event does not reach its handler, or why the handler does not return. */
public sealed interface Failure permits CpuFault, Failure.NoException, Failure.Unknown {

    /** What is wrong, in a few words. */
    String reason();

    /** The failure without an error code, which depends on the vector that fails. */
    String kind();

    /** No exception: the guest executes something else, or KVM ends it. */
    record NoException(String reason) implements Failure {

        @Override
        public String kind() {
            return reason;
        }

        @Override
        public String toString() {
            return reason;
        }
    }

    /** The state lacks what decides whether it fails. */
    record Unknown(Piece piece) implements Failure {

        @Override
        public String reason() {
            return "not known: the state lacks " + piece.what();
        }

        @Override
        public String kind() {
            return reason();
        }

        @Override
        public String toString() {
            return reason();
        }
    }
}
