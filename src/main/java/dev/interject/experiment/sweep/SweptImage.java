package dev.interject.experiment.sweep;

import java.time.Duration;
import java.util.Optional;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.image.ImageGuest;
import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.trace.Recorder;

/** A user's image. It counts nothing: the single steps show what it takes. */
final class SweptImage implements SweptGuest {

    private static final Duration ASLEEP = Duration.ofMillis(20);

    private final ImageSweepPlan plan;
    private final ImageGuest guest;

    SweptImage(ImageSweepPlan plan, Cancellation cancellation, Deadline deadline) {
        this.plan = plan;
        this.guest = new ImageGuest(plan.image().within(plan.effectiveTimeout()), cancellation, deadline,
                "while it was single-stepped", Recorder.off());
    }

    @Override
    public Machine machine() {
        return guest.machine();
    }

    @Override
    public GuestState runToStart() {
        ImageGuest.Frozen frozen = guest.runToMoment(_ -> true);
        if (!frozen.reached()) {
            throw new EndedEarlyException(guest.late(""));
        }
        target(frozen.state()).refusalOfSteps().ifPresent(refusal -> {
            throw new EndedEarlyException(Ending.of(Outcome.REFUSED, refusal));
        });
        return frozen.state();
    }

    @Override
    public ResolvedInjection target(GuestState state) {
        ResolvedInjection target = plan.image().injection(state);
        target.refusalOfLine().ifPresent(refusal -> {
            throw new EndedEarlyException(Outcome.REFUSED, refusal);
        });
        return target;
    }

    @Override
    public Situation situation() {
        return plan.image().machine().situation();
    }

    /** While the guest sleeps, its devices get time to wake it. */
    @Override
    public Optional<StepResult> stepUnlessEnded() {
        Optional<StepResult> stepped = guest.step();
        if (stepped.filter(StepResult.Asleep.class::isInstance).isPresent()) {
            guest.pause(ASLEEP);
        }
        return stepped;
    }

    @Override
    public boolean hasCrashed() {
        return guest.hasCrashed();
    }

    @Override
    public StepResult step() {
        Optional<StepResult> stepped = stepUnlessEnded();
        if (stepped.isEmpty()) {
            guest.requireGoingOn();
        }
        return stepped.orElseThrow();
    }

    @Override
    public void requireRunning() {
        guest.requireGoingOn();
    }

    @Override
    public long counted(GatePath gates) {
        return 0;
    }

    @Override
    public void close() {
        guest.close();
    }
}
