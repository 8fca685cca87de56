package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.interject.interrupt.Witness;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.GuestDebug;
import dev.interject.machine.FrozenVcpu;
import dev.interject.machine.VcpuHandle;
import dev.interject.trace.HandlerSeen;
import dev.interject.trace.Recorder;

/**
 * A breakpoint at the first instruction of the handler that the guest's interrupt table names. The handler may serve
 * several vectors, and be called or jumped to: only an arrival after which the request is acknowledged counts.
 */
final class BreakpointWitness implements TakenWitness {

    private static final String UNSEEN =
            "its request waits no more, and its handler was not seen: the guest has changed its interrupt table or its"
                    + " controllers meanwhile";
    private static final String ELSEWHERE =
            "it was acknowledged, but the guest's interrupt table names another handler now";

    private static final String INDISTINCT =
            "this host's LAPIC ends an interrupt when the CPU takes it, so that a level"
                    + " that is still high is sent again, and looks like one that waits";

    private final VcpuHandle vcpu;
    private final Recorder recorder;
    /** Handlers of the vector that were seen so far; the guest may change its table while an interrupt waits. */
    private final SequencedSet<Long> handlers = new LinkedHashSet<>();
    private int vector;
    private long others;
    /** At the last arrival; written by the vCPU's thread while it runs. */
    private Sighting seen = new Sighting.Nothing();

    /** @param vcpu the target */
    BreakpointWitness(VcpuHandle vcpu, Recorder recorder) {
        this.vcpu = vcpu;
        this.recorder = recorder;
    }

    @Override
    public Witness who() {
        return Witness.BREAKPOINT;
    }

    @Override
    public void expect(int expected) {
        vector = expected;
        handlers.clear();
        note(vcpu.inspect());
    }

    @Override
    public Sighting inject(InjectionAttempt attempt, Duration time) {
        return run(attempt::in, attempt::expected, time);
    }

    @Override
    public Sighting look(AwaitedInterrupt awaited, Duration time) {
        return run(_ -> {}, () -> Optional.of(awaited).filter(AwaitedInterrupt::isExpected), time);
    }

    /** @param awaited empty if no interrupt of the run is expected */
    private Sighting run(Consumer<FrozenVcpu> injection, Supplier<Optional<AwaitedInterrupt>> awaited, Duration time) {
        seen = new Sighting.Nothing();
        vcpu.runTo(breakpoints(), injection, frozen -> reached(frozen, awaited.get()), time);
        return seen instanceof Sighting.Nothing ? judge(awaited.get()) : seen;
    }

    /** On the vCPU's thread, so that others of the same handler delay the guest little; returns whether it stays. */
    private boolean reached(FrozenVcpu frozen, Optional<AwaitedInterrupt> awaited) {
        long now = System.nanoTime();
        seen = awaited.map(one -> reached(one, frozen.state(), now)).orElseGet(() -> other(now));
        return !(seen instanceof Sighting.Nothing);
    }

    private List<Long> breakpoints() {
        List<Long> all = new ArrayList<>(handlers);
        return all.subList(Math.max(0, all.size() - GuestDebug.MOST_BREAKPOINTS), all.size());
    }

    private void note(GuestState state) {
        OptionalLong handler = vector < 0 ? OptionalLong.empty() : HandlerAddress.of(state.cpu(), vector);
        if (handler.isPresent()) {
            handlers.remove(handler.getAsLong());
            handlers.add(handler.getAsLong()); // the latest last
        }
    }

    private Sighting judge(Optional<AwaitedInterrupt> awaited) {
        GuestState state = vcpu.inspect();
        note(state);
        if (awaited.isEmpty() || !awaited.get().isGone(state)) {
            return new Sighting.Nothing();
        }
        return awaited.get()
                .otherWitness(state)
                .map(other -> awaited.get().hasHandler(state) ? Sighting.Taken.untimed(other) : new Sighting.Nothing())
                .orElseGet(() -> awaited.get().mayCrash(state) ? new Sighting.Nothing()
                        : new Sighting.Unknown(UNSEEN));
    }

    private Sighting other(long at) {
        others++;
        recorder.handlerSeen(vcpu.number(), vector, at, HandlerSeen.OF_NONE);
        return new Sighting.Nothing();
    }

    private Sighting reached(AwaitedInterrupt awaited, GuestState state, long at) {
        if (awaited.isIndistinct(state)) {
            return new Sighting.Unknown(INDISTINCT);
        }
        if (!awaited.isAcknowledged(state) || !awaited.hasHandler(state)) {
            return other(at);
        }
        long here = state.cpu().special().linearOfCode(state.cpu().registers().rip());
        boolean isItsHandler = HandlerAddress.of(state.cpu(), vector).equals(OptionalLong.of(here));
        return isItsHandler ? new Sighting.Taken(OptionalLong.of(at), Witness.BREAKPOINT)
                : new Sighting.Unknown(ELSEWHERE);
    }

    @Override
    public OptionalLong others() {
        return OptionalLong.of(others);
    }
}
