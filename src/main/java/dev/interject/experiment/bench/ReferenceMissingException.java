package dev.interject.experiment.bench;

/** The program in C cannot be built here. */
public final class ReferenceMissingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String mend;

    ReferenceMissingException(String message, String mend) {
        super(message);
        this.mend = mend;
    }

    /** What to do about it, in a few words. */
    public String mend() {
        return mend;
    }
}
