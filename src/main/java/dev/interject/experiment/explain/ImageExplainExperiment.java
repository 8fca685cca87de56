package dev.interject.experiment.explain;

import java.util.List;
import java.util.Optional;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.image.ImageGuest;
import dev.interject.experiment.image.ImageInterrupt;
import dev.interject.experiment.image.ImagePlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.VcpuEndedException;

/** Freezes a user's image at a moment, and explains what each gate would do to an interrupt. Injects nothing. */
public final class ImageExplainExperiment {

    private final ImagePlan plan;
    private final ExplainedInterrupt interrupt;
    private final ImageInterrupt image;

    private ImageExplainExperiment(ImagePlan plan) {
        this.plan = plan;
        this.interrupt = ExplainedInterrupt.of(plan);
        this.image = new ImageInterrupt(plan);
    }

    /**
     * Explains the interrupt of a plan.
     *
     * @throws dev.interject.guest.boot.UnbootableImageException if the image cannot be booted
     * @throws dev.interject.linux.error.SystemCallException     if a system call fails
     * @throws dev.interject.kvm.UnsupportedKvmException         if this host's KVM lacks a capability
     */
    public static ExplainReport explain(ImagePlan plan, Cancellation cancellation) {
        return new ImageExplainExperiment(plan).explain(cancellation);
    }

    private ExplainReport explain(Cancellation cancellation) {
        Optional<String> refusal = plan.refusal();
        if (refusal.isPresent()) {
            return ExplainReport.without(interrupt, Ending.of(Outcome.REFUSED, refusal.get()));
        }
        try (ImageGuest guest = new ImageGuest(plan, cancellation)) {
            ImageGuest.Frozen frozen = guest.runToMoment(image::isOpen);
            return frozen.reached()
                    ? ExplainReport.of(explainInSituation(guest.machine(), frozen.state()))
                    : ExplainReport.late(explain(guest.machine(), frozen.state(), List.of()), guest::late);
        } catch (EndedEarlyException early) {
            return ExplainReport.without(interrupt, early.ending());
        } catch (VcpuEndedException ended) {
            return ExplainReport.without(interrupt, Ending.of(ended.end()));
        }
    }

    private Explanation explainInSituation(Machine machine, GuestState state) {
        Situation situation = plan.machine().situation();
        if (situation.isEmpty()) {
            return explain(machine, state, List.of());
        }
        Situation.Applied applied = situation.applyTo(machine, image.in(state).vcpu());
        return explain(machine, applied.state().seenBy(0), applied.notes());
    }

    private Explanation explain(Machine machine, GuestState state, List<String> settingNotes) {
        ResolvedInjection target = image.in(state);
        return walk(target).explain(machine, state.seenBy(target.vcpu()), settingNotes);
    }

    private GateWalk walk(ResolvedInjection target) {
        return new GateWalk(interrupt.on(target.route()), target, image.isTargeted());
    }
}
