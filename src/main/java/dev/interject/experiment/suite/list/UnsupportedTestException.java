package dev.interject.experiment.suite.list;

/** A test needs something that Interject does not have. */
final class UnsupportedTestException extends Exception {

    private static final long serialVersionUID = 1;

    UnsupportedTestException(String reason) {
        super(reason);
    }
}
