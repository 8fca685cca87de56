package dev.interject.experiment.probe;

/** A probe did not reach the point at which it shows anything about the host. */
final class ProbeFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ProbeFailedException(String message) {
        super(message);
    }
}
