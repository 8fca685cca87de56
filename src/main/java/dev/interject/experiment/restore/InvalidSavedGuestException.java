package dev.interject.experiment.restore;

/** A file is not a saved guest that can be restored. The message says what is wrong, in one line. */
public final class InvalidSavedGuestException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String fix;

    InvalidSavedGuestException(String name, String what, String fix) {
        super("%s: %s".formatted(name, what));
        this.fix = fix;
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }
}
