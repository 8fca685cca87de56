package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.function.Consumer;

import dev.interject.interrupt.Witness;
import dev.interject.interrupt.route.Pending;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.GuestDebug;
import dev.interject.machine.VcpuHandle;

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

    private final VcpuHandle vcpu;
    /** Handlers of the vector that were seen so far; the guest may change its table while an interrupt waits. */
    private final SequencedSet<Long> handlers = new LinkedHashSet<>();
    private long others;
    private boolean isGone;

    /** @param vcpu the target */
    BreakpointWitness(VcpuHandle vcpu) {
        this.vcpu = vcpu;
    }

    @Override
    public Witness who() {
        return Witness.BREAKPOINT;
    }

    @Override
    public Sighting inject(AwaitedInterrupt awaited, Consumer<Pending> injection, Duration time) {
        isGone = false;
        handlers.clear();
        note(vcpu.inspect(), awaited.vector());
        return judge(awaited, vcpu.runTo(breakpoints(), injection, time));
    }

    @Override
    public Sighting look(AwaitedInterrupt awaited, Duration time) {
        return judge(awaited, vcpu.runTo(breakpoints(), time));
    }

    private List<Long> breakpoints() {
        List<Long> all = new ArrayList<>(handlers);
        return all.subList(Math.max(0, all.size() - GuestDebug.MOST_BREAKPOINTS), all.size());
    }

    private void note(GuestState state, int vector) {
        OptionalLong handler = HandlerAddress.of(state.cpu(), vector);
        if (handler.isPresent()) {
            handlers.remove(handler.getAsLong());
            handlers.add(handler.getAsLong()); // the latest last
        }
    }

    private Sighting judge(AwaitedInterrupt awaited, OptionalLong reachedAt) {
        GuestState state = vcpu.inspect();
        note(state, awaited.vector());
        if (reachedAt.isPresent()) {
            return reached(awaited, state, reachedAt.getAsLong());
        }
        if (!awaited.isExpected() || awaited.isPending(state)) {
            isGone = false;
            return new Sighting.Nothing();
        }
        if (!isGone) { // an eventfd's interrupt may not have arrived yet
            isGone = true;
            return new Sighting.Nothing();
        }
        return awaited.otherWitness(state)
                .<Sighting>map(Sighting.Taken::untimed)
                .orElseGet(() -> new Sighting.Unknown(UNSEEN));
    }

    private Sighting reached(AwaitedInterrupt awaited, GuestState state, long at) {
        isGone = false;
        if (!awaited.isExpected() || !awaited.isAcknowledged(state)) {
            others++;
            return new Sighting.Nothing();
        }
        long here = state.cpu().special().linearOfCode(state.cpu().registers().rip());
        boolean isItsHandler = HandlerAddress.of(state.cpu(), awaited.vector()).equals(OptionalLong.of(here));
        return isItsHandler ? new Sighting.Taken(OptionalLong.of(at), Witness.BREAKPOINT)
                : new Sighting.Unknown(ELSEWHERE);
    }

    @Override
    public OptionalLong others() {
        return OptionalLong.of(others);
    }
}
