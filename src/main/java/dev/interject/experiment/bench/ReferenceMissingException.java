package dev.interject.experiment.bench;

/** The program in C cannot be built here. */
public final class ReferenceMissingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String fix;

    ReferenceMissingException(String message, String fix) {
        super(message);
        this.fix = fix;
    }

    /** What to do about it, in a few words. */
    public String fix() {
        return fix;
    }
}
