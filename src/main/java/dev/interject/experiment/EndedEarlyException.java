package dev.interject.experiment;

/** An experiment cannot continue. */
public final class EndedEarlyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Ending ending;

    /** @param ending how the experiment ends because of it */
    public EndedEarlyException(Ending ending) {
        super(ending.reason().orElse(ending.outcome().label()), null, false, false);
        this.ending = ending;
    }

    /** With an ending that is not the host's failure. */
    public EndedEarlyException(Outcome outcome, String reason) {
        this(Ending.of(outcome, reason));
    }

    /** How the experiment ends because of it. */
    public Ending ending() {
        return ending;
    }
}
