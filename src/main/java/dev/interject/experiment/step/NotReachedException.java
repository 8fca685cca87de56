package dev.interject.experiment.step;

import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.vcpu.VcpuEndedException;

/** A guest did not reach the point that an experiment needs. */
public final class NotReachedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Ending ending;

    /** @param ending how the experiment ends because of it */
    public NotReachedException(Ending ending) {
        super(ending.reason().orElse(ending.outcome().label()), null, false, false);
        this.ending = ending;
    }

    /** For a vCPU that ended before it could be asked; a cause that is a bug is thrown. */
    public static NotReachedException of(VcpuEndedException ended) {
        return new NotReachedException(switch (ended.getCause()) {
            case null -> Ending.of(Outcome.GUEST_CRASHED, ended.getMessage());
            case SystemCallException failed -> Ending.hostFailed(failed);
            case RuntimeException bug -> throw bug;
            case Throwable bug -> throw new IllegalStateException(bug);
        });
    }

    /** How the experiment ends because of it. */
    public Ending ending() {
        return ending;
    }
}
