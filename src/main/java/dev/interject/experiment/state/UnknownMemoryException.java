package dev.interject.experiment.state;

/** Memory is looked at that the state lacks. */
public final class UnknownMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Without a place: who looked knows it. */
    public UnknownMemoryException() {
        super("the state lacks this memory", null, false, false);
    }
}
