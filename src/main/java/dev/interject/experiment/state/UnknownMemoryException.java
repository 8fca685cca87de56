package dev.interject.experiment.state;

/** Memory is looked at that the state lacks. */
final class UnknownMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnknownMemoryException() {
        super("the state lacks this memory", null, false, false);
    }
}
