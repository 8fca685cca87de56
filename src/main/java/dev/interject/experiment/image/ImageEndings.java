package dev.interject.experiment.image;

import dev.interject.experiment.Deadline;
import dev.interject.experiment.Durations;
import dev.interject.experiment.Ending;
import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.boot.BootEnd;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.VcpuEnd;

/**
 * Says why an experiment with an image has ended early.
 *
 * @param then what is done at the moment, such as {@code while it was single-stepped}
 */
record ImageEndings(ImagePlan plan, String then, Machine machine, Deadline deadline) {

    Ending of(BootEnd end, boolean isAtMoment) {
        return switch (end) {
            case BootEnd.Exited exited -> Ending.of(Outcome.NOT_TAKEN, before(exited, isAtMoment));
            case BootEnd.Reset reset -> Ending.of(Outcome.GUEST_CRASHED, before(reset, isAtMoment));
            case BootEnd.Crashed crashed -> Ending.of(Outcome.GUEST_CRASHED, before(crashed, isAtMoment));
            case BootEnd.Interrupted _ -> Ending.of(Outcome.INTERRUPTED, "interrupted by the user");
            case BootEnd.HostFailed(Throwable cause) -> Ending.of(new VcpuEnd.HostFailed(0, cause));
            case BootEnd.TimedOut _ -> late("", isAtMoment);
            case BootEnd.Shown _,BootEnd.Left _,BootEnd.OutputFailed _ -> throw new AssertionError(end);
        };
    }

    private String before(BootEnd end, boolean isAtMoment) {
        return "the guest ended %s: %s; %s".formatted(whatFor(isAtMoment), end.describe(), position());
    }

    /** @param why may be empty */
    Ending late(String why, boolean isAtMoment) {
        return Ending.of(Outcome.TIMED_OUT, "the time of %s was up %s%s; %s%s".formatted(
                Durations.format(plan.effectiveTimeout()), whatFor(isAtMoment), why, deadline.slowCall(), position()));
    }

    private String whatFor(boolean isAtMoment) {
        return isAtMoment ? then : "before " + plan.moment().describe() + unmapped();
    }

    private String position() {
        return "the guest is at " + GuestPosition.of(machine.vcpu(0).inspectCpu(), machine);
    }

    private String unmapped() {
        return plan.moment() instanceof Moment.At(String _, var address) && address.isPresent()
                && machine.vcpu(0).readMemory(address.getAsLong(), 1).length == 0
                        ? ", which is not in its memory"
                        : "";
    }
}
