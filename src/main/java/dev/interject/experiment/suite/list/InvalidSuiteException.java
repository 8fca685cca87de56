package dev.interject.experiment.suite.list;

/** A suite's file cannot be read or understood. */
public final class InvalidSuiteException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String fix;

    /**
     * @param message what is wrong, with the file and the line
     * @param fix     what to do about it
     */
    InvalidSuiteException(String message, String fix) {
        super(message);
        this.fix = fix;
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }
}
