package dev.interject.experiment.boot;

/** A guest ended before it did what it was waited for. */
public final class GuestEndedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final transient BootEnd end;

    GuestEndedException(String message, BootEnd end) {
        super(message, end instanceof BootEnd.HostFailed(Throwable cause) ? cause : null);
        this.end = end;
    }

    /** How it ended. */
    public BootEnd end() {
        return end;
    }
}
