package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.image.GrowingPause;
import dev.interject.experiment.image.ImageGuest;
import dev.interject.experiment.image.ImageInterrupt;
import dev.interject.experiment.image.Moment;
import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.Witness;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.inject.ForcedVectorInjector;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Acceptance;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.VcpuHandle;
import dev.interject.trace.Recorder;

/** One run of an image: brings the guest to each moment, injects there, and awaits what the witness sees. */
final class ImageRun {

    /** How long the guest runs between two looks at what holds an interrupt, and at its interrupt table. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private final ImageRunPlan plan;
    private final ImageInterrupt interrupt;
    private final ImageGuest guest;
    private final ImageTally tally;
    private final boolean awaitsOpening;
    private final Recorder recorder;
    private final List<String> notes = new ArrayList<>();
    private final Map<ResolvedInjection, Injector> injectors = new HashMap<>();
    private Optional<TakenWitness> witness = Optional.empty();
    private Optional<ResolvedInjection> target = Optional.empty();
    private Optional<GatePath> gatesBefore = Optional.empty();
    private Map<String, Long> statistics = Map.of();
    private Optional<InjectionAttempt> current = Optional.empty();
    private Optional<String> why = Optional.empty();

    ImageRun(ImageRunPlan plan, ImageGuest guest, ImageTally tally) {
        this.plan = plan;
        this.interrupt = new ImageInterrupt(plan.image());
        this.awaitsOpening = plan.image().moment() instanceof Moment.WhenOpen;
        this.guest = guest;
        this.tally = tally;
        this.recorder = guest.machine().recorder();
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
        HandlerReturn.await(guest, vcpu(),
                witness.filter(BreakpointWitness.class::isInstance).isPresent() && tally.isLastTimed());
        guest.requireNotCrashed();
    }

    // --- moments

    private GuestState first() {
        long since = recorder.now();
        ImageGuest.Frozen frozen = guest.runToMoment(this::isOpen);
        recorder.momentReached(since);
        look(frozen.state());
        if (!frozen.reached()) {
            throw new EndedEarlyException(guest.late(GateReasons.wouldBe(gatesBefore.get())));
        }
        GuestState state = inSituation(frozen.state());
        look(state);
        statistics = vcpu().statistics();
        return state;
    }

    private void look(GuestState state) {
        GatePath gates = interrupt.gates(state);
        gatesBefore = Optional.of(gates);
        target = Optional.of(interrupt.in(state, gates));
    }

    /** What is forced may break the guest. */
    private boolean isOpen(GuestState state) {
        return interrupt.isOpen(state)
                || plan.force() && interrupt.gates(state).prediction().fate() == Prediction.Fate.BREAKS;
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
        }
        guest.requireGoingOn();
        return guest.freeze();
    }

    // --- one interrupt

    private void inject(GuestState state) {
        GatePath expected = interrupt.gates(state);
        boolean isFirst = tally.log().size() == 0;
        ResolvedInjection here = interrupt.in(state, expected);
        if (isFirst) {
            GateReasons.requireAllowed(here, expected, plan.force());
        }
        target = Optional.of(here);
        TakenWitness seer = witness.orElseGet(() -> TakenWitness.of(plan.witness(), here, guest.machine()));
        witness = Optional.of(seer);
        Injector injector = injector(here, expected);
        guest.resumeOthers(here.vcpu());
        boolean isAsItIs = isFirst && (!awaitsOpening || !plan.image().machine().situation().isEmpty());
        InjectionAttempt attempt = attempt(here, expected, injector, isAsItIs);
        Sighting sighting = attempt(seer, attempt, injector);
        GrowingPause pause = new GrowingPause();
        while (attempt.outstanding().isEmpty()) {
            requireTime(this::notOpened);
            vcpu().runFor(_ -> {}, guest.atMost(pause.next())); // freely: stops at its handler would delay it
            attempt = attempt(here, expected, injector, isAsItIs);
            sighting = attempt(seer, attempt, injector);
        }
        gatesBefore = isFirst ? attempt.gates() : gatesBefore;
        settle(seer, injector, attempt, sighting);
    }

    /** @param isAsItIs whether it is injected whatever the guest is doing, which the user has chosen for the first */
    private InjectionAttempt attempt(ResolvedInjection here, GatePath expected, Injector injector, boolean isAsItIs) {
        return new InjectionAttempt(interrupt, guest.machine(), here.vcpu(), expected, injector, tally,
                !isAsItIs && !plan.force());
    }

    private Sighting attempt(TakenWitness seer, InjectionAttempt attempt, Injector injector) {
        current = Optional.of(attempt);
        seer.expect(attempt.vector());
        if (injector instanceof ForcedVectorInjector) { // waits for the vCPU's thread, and the vCPU is held
            attempt.in(vcpu().inspect(), () -> {
                throw new AssertionError("what is forced does not wait until the guest is open");
            });
            return seer.look(attempt.outstanding().orElseThrow().interrupt(), guest.atMost(LOOK_EVERY));
        }
        return seer.inject(attempt, guest.atMost(LOOK_EVERY));
    }

    private void settle(TakenWitness seer, Injector injector, InjectionAttempt attempt, Sighting first) {
        ImageTally.Outstanding one = attempt.outstanding().orElseThrow();
        AwaitedInterrupt awaited = one.interrupt();
        if (awaited.isExpected()) {
            settle(one, seer.who(), await(seer, awaited, first));
            injector.release();
            return;
        }
        injector.release();
        current = Optional.empty();
        tally.notExpected(awaited.acceptance());
        why = why.or(() -> attempt.gates().map(GateReasons::notAccepted));
        if (awaited.acceptance() == Acceptance.COALESCED && tally.log().size() < plan.pace().count()) {
            awaitGone(seer, awaited);
        }
    }

    private Sighting await(TakenWitness seer, AwaitedInterrupt awaited, Sighting first) {
        Sighting sighting = first;
        GrowingPause pause = new GrowingPause();
        while (sighting instanceof Sighting.Nothing) {
            requireTime(this::whatHolds);
            sighting = seer.look(awaited, guest.atMost(pause.next()));
        }
        return sighting;
    }

    /** @param missing what is waited for in vain */
    private void requireTime(Supplier<String> missing) {
        guest.requireGoingOn();
        if (guest.isLate()) {
            throw new EndedEarlyException(guest.late(missing.get()));
        }
    }

    private String notOpened() {
        return ": %d of %d were injected%s".formatted(tally.log().size(), plan.pace().count(),
                GateReasons.wouldBe(gatesNow()));
    }

    /** Another one would merge with the pending one, too. */
    private void awaitGone(TakenWitness seer, AwaitedInterrupt awaited) {
        while (awaited.isPending(guest.machine().vcpu(0).inspect())) {
            requireTime(this::whatHolds);
            seer.look(awaited, guest.atMost(LOOK_EVERY));
        }
    }

    private void settle(ImageTally.Outstanding one, Witness usual, Sighting sighting) {
        current = Optional.empty();
        switch (sighting) {
            case Sighting.Taken(var at, Witness by) -> {
                tally.taken(one.index(), at, by, usual);
                at.ifPresent(nanos -> recorder.handlerSeen(one.interrupt().target().vcpu(),
                        one.interrupt().vector(), nanos, one.index()));
            }
            case Sighting.Unknown(String reason) -> {
                tally.unknown();
                why = why.or(() -> Optional.of(": " + reason));
            }
            case Sighting.Nothing _ -> throw new AssertionError(sighting);
        }
    }

    /** Counts one that was on its way when the run was ended. */
    void abandon() {
        current.flatMap(InjectionAttempt::outstanding)
                .map(ImageTally.Outstanding::interrupt)
                .ifPresent(awaited -> tally.ended(awaited.isExpected() && awaited.isHeld(
                        guest.machine().vcpu(awaited.target().vcpu()).inspect())));
        current = Optional.empty();
    }

    /** The same where the guest cannot be looked at any more. */
    void abandonUnseen() {
        current.flatMap(InjectionAttempt::outstanding).ifPresent(_ -> tally.unknown());
        current = Optional.empty();
    }

    private Injector injector(ResolvedInjection here, GatePath gates) {
        return plan.force() && gates.isForbiddenNow()
                ? here.injector(guest.machine().injectors(), gates)
                : injectors.computeIfAbsent(here,
                        wanted -> wanted.waitingInjector(guest.machine().injectors(), gates));
    }

    // --- what the report needs

    private String whatHolds() {
        return GateReasons.held(gatesNow());
    }

    private GatePath gatesNow() {
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
