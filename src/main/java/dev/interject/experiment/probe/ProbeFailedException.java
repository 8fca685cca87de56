package dev.interject.experiment.probe;

/** A probe did not come to the point at which it could tell anything. */
final class ProbeFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ProbeFailedException(String message) {
        super(message);
    }
}
