package dev.interject.experiment.bench;

/** The reference in C cannot be built or run. */
public final class ReferenceMissingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String fix;

    ReferenceMissingException(String message, String fix) {
        super(message);
        this.fix = fix;
    }

    /** The fix, in a few words. */
    public String fix() {
        return fix;
    }
}
