package dev.interject.experiment;

import java.util.Optional;

import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.vcpu.VcpuEnd;

/**
 * How an experiment ended and why.
 *
 * @param reason  one line; empty if all interrupts were taken
 * @param failure the host's failure that ended it, such as a system call's; empty otherwise
 */
public record Ending(Outcome outcome, Optional<String> reason, Optional<RuntimeException> failure) {

    /** Every interrupt was taken. */
    public static Ending allTaken() {
        return new Ending(Outcome.TAKEN, Optional.empty(), Optional.empty());
    }

    /** Ended for a reason that is not the host's failure. */
    public static Ending of(Outcome outcome, String reason) {
        return new Ending(outcome, Optional.of(reason), Optional.empty());
    }

    /** A vCPU has ended. A failure on its thread that is not the host's is a bug, and thrown. */
    public static Ending of(VcpuEnd end) {
        return switch (end) {
            case VcpuEnd.Crashed crashed -> of(Outcome.GUEST_CRASHED, crashed.describe());
            case VcpuEnd.HostFailed(int _, SystemCallException call) -> hostFailed(call);
            case VcpuEnd.HostFailed(int _, UnsupportedKvmException missing) -> hostFailed(missing);
            case VcpuEnd.HostFailed(int _, RuntimeException bug) -> throw bug;
            case VcpuEnd.HostFailed(int _, Throwable bug) -> throw new IllegalStateException(bug);
            case VcpuEnd.Stopped _ -> of(Outcome.INTERRUPTED, "the machine was stopped");
        };
    }

    /** A call of the host failed, or its KVM lacks something. */
    public static Ending hostFailed(RuntimeException failure) {
        return new Ending(Outcome.HOST_UNABLE, Optional.of(String.valueOf(failure.getMessage())), Optional.of(failure));
    }
}
