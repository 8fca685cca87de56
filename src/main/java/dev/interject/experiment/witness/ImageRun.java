package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.image.ImageGuest;
import dev.interject.experiment.image.ImageInterrupt;
import dev.interject.experiment.image.Moment;
import dev.interject.experiment.run.EndingExplainer;
import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.gate.Gate;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Acceptance;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.VcpuHandle;

/** One run of an image: brings the guest to each moment, injects there, and awaits what the witness sees. */
final class ImageRun {

    /** An interrupt that was injected, and its index in the log. */
    record Outstanding(AwaitedInterrupt interrupt, int index) {}

    /** How long the guest runs between two looks at what holds an interrupt, and at its interrupt table. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private final ImageRunPlan plan;
    private final ImageInterrupt interrupt;
    private final ImageGuest guest;
    private final ImageTally tally;
    private final boolean awaitsOpening;
    private final List<String> notes = new ArrayList<>();
    private final Map<ResolvedInjection, Injector> injectors = new HashMap<>();
    private Optional<TakenWitness> witness = Optional.empty();
    private Optional<ResolvedInjection> target = Optional.empty();
    private Optional<GatePath> gatesBefore = Optional.empty();
    private Map<String, Long> statistics = Map.of();
    private Optional<Outstanding> outstanding = Optional.empty();
    private Optional<String> why = Optional.empty();

    ImageRun(ImageRunPlan plan, ImageGuest guest, ImageTally tally) {
        this.plan = plan;
        this.interrupt = new ImageInterrupt(plan.image());
        this.awaitsOpening = plan.image().moment() instanceof Moment.WhenOpen;
        this.guest = guest;
        this.tally = tally;
    }

    /**
     * Injects all. Returns when it is known what happened to each, as far as it can be known.
     *
     * @throws EndedEarlyException if guest, host, user or time limit ended it
     */
    void run() {
        inject(first());
        while (tally.log().size() < plan.pace().count()) {
            inject(next());
        }
        HandlerReturn.await(guest, vcpu());
        guest.requireNotCrashed();
    }

    // --- moments

    private GuestState first() {
        ImageGuest.Frozen frozen = guest.runToMoment(interrupt::isOpen);
        target = Optional.of(interrupt.in(frozen.state()));
        gatesBefore = Optional.of(interrupt.gates(frozen.state()));
        if (!frozen.reached()) {
            throw new EndedEarlyException(guest.late(held(gatesBefore.get())));
        }
        GuestState state = inSituation(frozen.state());
        target = Optional.of(interrupt.in(state));
        gatesBefore = Optional.of(interrupt.gates(state));
        statistics = vcpu().statistics();
        return state;
    }

    private GuestState inSituation(GuestState state) {
        Situation situation = plan.image().machine().situation();
        if (situation.isEmpty()) {
            return state;
        }
        Situation.Applied applied = situation.applyTo(guest.machine(), target.orElseThrow().vcpu());
        notes.addAll(applied.notes());
        return applied.state().seenBy(0);
    }

    private GuestState next() {
        if (plan.pace().interval().isPositive()) {
            guest.resume();
            guest.pause(plan.pace().interval());
            guest.requireGoingOn();
        }
        if (!awaitsOpening) {
            guest.requireGoingOn();
            return guest.freeze();
        }
        ImageGuest.Frozen frozen = guest.runUntilOpen(interrupt::isOpen);
        if (!frozen.reached()) {
            throw new EndedEarlyException(guest.late(": %d of %d were injected%s".formatted(tally.log().size(),
                    plan.pace().count(), held(interrupt.gates(frozen.state())))));
        }
        return frozen.state();
    }

    /** What another one would meet. */
    private static String held(GatePath gates) {
        Prediction prediction = gates.prediction();
        return prediction.because()
                .map(gate -> ": it %s at %s".formatted(prediction.fate().words(), EndingExplainer.describe(gate)))
                .orElse("");
    }

    // --- one interrupt

    private void inject(GuestState state) {
        GatePath gates = interrupt.gates(state);
        ResolvedInjection here = interrupt.in(state);
        refuse(gates);
        target = Optional.of(here);
        TakenWitness seer = witness.orElseGet(() -> choose(here));
        witness = Optional.of(seer);
        Injector injector = injector(here, gates);
        injector.settle();
        AwaitedInterrupt awaited = new AwaitedInterrupt(interrupt, guest.machine(), state, gates);
        guest.resumeOthers(here.vcpu());
        Sighting sighting = seer.inject(awaited, before -> {
            awaited.inject(injector, before, awaitsOpening);
            outstanding = awaited.isInjected() ? Optional.of(tally.begin(awaited)) : Optional.empty();
        }, guest.atMost(LOOK_EVERY));
        if (outstanding.isEmpty()) {
            return; // a device of the guest was quicker: the next opening is waited for
        }
        if (awaited.isExpected()) {
            settle(outstanding.get(), seer.who(), await(seer, awaited, sighting));
            injector.release();
            return;
        }
        injector.release();
        outstanding = Optional.empty();
        tally.notExpected(awaited.acceptance());
        why = why.or(() -> Optional.of(notAccepted(gates)));
        if (awaited.acceptance() == Acceptance.COALESCED && tally.log().size() < plan.pace().count()) {
            awaitGone(seer, awaited);
        }
    }

    private Sighting await(TakenWitness seer, AwaitedInterrupt awaited, Sighting first) {
        Sighting sighting = first;
        while (sighting instanceof Sighting.Nothing) {
            requireTime();
            sighting = seer.look(awaited, guest.atMost(LOOK_EVERY));
        }
        return sighting;
    }

    private void requireTime() {
        guest.requireGoingOn();
        if (guest.isLate()) {
            throw new EndedEarlyException(guest.late(whatHolds()));
        }
    }

    /** Another one would merge with the pending one, too. */
    private void awaitGone(TakenWitness seer, AwaitedInterrupt awaited) {
        while (awaited.isPending(guest.machine().vcpu(0).inspect())) {
            requireTime();
            seer.look(awaited, guest.atMost(LOOK_EVERY));
        }
    }

    private void settle(Outstanding one, Witness usual, Sighting sighting) {
        outstanding = Optional.empty();
        switch (sighting) {
            case Sighting.Taken(var at, Witness by) -> tally.taken(one.index(), at, by, usual);
            case Sighting.Unknown(String reason) -> {
                tally.unknown();
                why = why.or(() -> Optional.of(": " + reason));
            }
            case Sighting.Nothing _ -> throw new AssertionError(sighting);
        }
    }

    /** Counts one that was on its way when the run was ended. */
    void abandon() {
        outstanding.map(Outstanding::interrupt)
                .ifPresent(awaited -> tally.ended(awaited.isPending(
                        guest.machine().vcpu(awaited.target().vcpu()).inspect())));
        outstanding = Optional.empty();
    }

    private void refuse(GatePath gates) {
        List<Integer> vcpus = gates.targetVcpus().vcpus();
        Optional<String> refusal = vcpus.size() > 1
                ? Optional.of("each interrupt is for %s: an image gets interrupts for one vCPU here"
                        .formatted(gates.targetVcpus()))
                : plan.force() ? Optional.empty()
                        : gates.firstThatForbids()
                                .map(gate -> EndingExplainer.describe(gate) + advice(gate));
        refusal.ifPresent(why -> {
            throw new EndedEarlyException(Ending.of(Outcome.REFUSED, why));
        });
    }

    private static String advice(Gate gate) {
        return gate.verdict() == Verdict.NOT_NOW ? "; a run can wait until the guest is open" : "";
    }

    private TakenWitness choose(ResolvedInjection here) {
        VcpuHandle vcpu = guest.machine().vcpu(here.vcpu());
        boolean isQueued = here.route().isQueuedInUserSpace();
        Witness who = plan.witness()
                .orElseGet(() -> vcpu.hasBreakpoints() ? Witness.BREAKPOINT
                        : isQueued ? Witness.CONTROLLERS : Witness.COUNTERS);
        return switch (who) {
            case BREAKPOINT -> new BreakpointWitness(vcpu);
            case CONTROLLERS -> new ControllerWitness(vcpu);
            case COUNTERS -> new CounterWitness(vcpu);
            case GUEST, NONE -> throw new AssertionError(who);
        };
    }

    private Injector injector(ResolvedInjection here, GatePath gates) {
        return plan.force() && gates.isForbiddenNow()
                ? here.injector(guest.machine().injectors(), gates)
                : injectors.computeIfAbsent(here,
                        wanted -> wanted.waitingInjector(guest.machine().injectors(), gates));
    }

    private static String notAccepted(GatePath gates) {
        return gates.predictionWhenRunning()
                .because()
                .map(gate -> ": " + EndingExplainer.describe(gate))
                .orElse(": a device of the guest had raised the same request just before");
    }

    // --- what the report needs

    /** What holds an interrupt that was injected and waits. */
    private String whatHolds() {
        return gatesNow().firstThatIsNotOpen()
                .map(gate -> ": held at " + EndingExplainer.describe(gate))
                .orElse("");
    }

    /** The gates that another one would meet now. */
    GatePath gatesNow() {
        return interrupt.gates(guest.machine().vcpu(0).inspect());
    }

    /** The gates that the first one met; empty if the guest did not get to the moment. */
    Optional<GatePath> gatesBefore() {
        return gatesBefore;
    }

    /** The first interrupt's target; empty if the guest did not get to the moment. */
    Optional<ResolvedInjection> target() {
        return target;
    }

    /** Why the first one was not taken that was not; may be empty, else begins with a colon. */
    String why() {
        return why.orElse("");
    }

    /** Who saw what was taken. */
    Optional<TakenWitness> witness() {
        return witness;
    }

    /** KVM's counters of the target before the first interrupt. */
    Map<String, Long> statisticsBefore() {
        return statistics;
    }

    List<String> notes() {
        return notes;
    }

    private VcpuHandle vcpu() {
        return guest.machine().vcpu(target.orElseThrow().vcpu());
    }
}
