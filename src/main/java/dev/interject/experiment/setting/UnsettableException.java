package dev.interject.experiment.setting;

/** The guest, as it is, does not have the value that is to be set. */
final class UnsettableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnsettableException(String why) {
        super(why);
    }
}
