package dev.interject.experiment.probe;

/** A probe ended before it could test its rule. */
final class ProbeFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ProbeFailedException(String message) {
        super(message);
    }
}
