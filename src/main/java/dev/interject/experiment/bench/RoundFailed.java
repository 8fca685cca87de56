package dev.interject.experiment.bench;

import dev.interject.experiment.Outcome;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.vcpu.VcpuEnd;

/** A round that did not end: an interrupt was not taken, the guest crashed, the host failed or the user cancelled. */
final class RoundFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Outcome outcome;

    RoundFailed(Outcome outcome, String message) {
        super(message);
        this.outcome = outcome;
    }

    /** What the end of a vCPU means for the round; a bug stays one. */
    static RuntimeException of(VcpuEnd end) {
        return switch (end) {
            case VcpuEnd.Crashed crashed -> new RoundFailed(Outcome.GUEST_CRASHED, crashed.describe());
            case VcpuEnd.HostFailed(int _, SystemCallException call) ->
                new RoundFailed(Outcome.HOST_UNABLE, call.getMessage());
            case VcpuEnd.HostFailed(int _, Throwable bug) -> new IllegalStateException(bug);
            case VcpuEnd.Stopped stopped -> new IllegalStateException(stopped.describe());
        };
    }

    Outcome outcome() {
        return outcome;
    }
}
