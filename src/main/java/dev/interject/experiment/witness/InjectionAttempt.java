package dev.interject.experiment.witness;

import java.util.Optional;
import java.util.function.Supplier;

import dev.interject.experiment.image.ImageInterrupt;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Pending;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.FrozenVcpu;
import dev.interject.machine.Machine;
import dev.interject.trace.Recorder;

/** Injects one interrupt between two instructions of the target vCPU, if it is to be injected there. */
final class InjectionAttempt {

    private final ImageInterrupt interrupt;
    private final Machine machine;
    private final Injector injector;
    private final ImageTally tally;
    private final boolean onlyIfOpen;
    private final int vector;
    private final long queuedBefore;
    private Optional<GatePath> gates = Optional.empty();
    private Optional<ImageTally.Outstanding> outstanding = Optional.empty();

    /**
     * For a target that is held.
     *
     * @param expected   the gates as they were last seen
     * @param onlyIfOpen whether nothing is injected unless all gates are open
     */
    InjectionAttempt(ImageInterrupt interrupt, Machine machine, int vcpu, GatePath expected, Injector injector,
            ImageTally tally, boolean onlyIfOpen) {
        this.interrupt = interrupt;
        this.machine = machine;
        this.injector = injector;
        this.tally = tally;
        this.onlyIfOpen = onlyIfOpen;
        this.vector = expected.vector();
        this.queuedBefore = expected.leadsToAVector() ? machine.vcpu(vcpu).vectorsQueued(vector) : 0;
    }

    /** The vector at which it is expected to arrive; -1 if it does not. */
    int vector() {
        return vector;
    }

    /** Injects, on the target's thread. A device of the PC may be quicker by some microseconds: the status shows it. */
    void in(FrozenVcpu vcpu) {
        in(vcpu.state(), vcpu::pending);
    }

    /**
     * As above, while the target is held.
     *
     * @param pending what waits there when the gates have been evaluated, which takes its time
     */
    void in(GuestState state, Supplier<Pending> pending) {
        Recorder recorder = machine.recorder();
        long since = recorder.now();
        GatePath now = interrupt.gates(state);
        if (onlyIfOpen && (now.prediction().fate() != Fate.TAKEN || !injector.isSettled())) {
            return;
        }
        AwaitedInterrupt awaited = new AwaitedInterrupt(interrupt, machine, state, now, queuedBefore);
        recorder.gatesChecked(since);
        if (onlyIfOpen && awaited.isLatched(pending.get())) {
            return;
        }
        gates = Optional.of(now);
        awaited.inject(injector);
        ImageTally.Outstanding one = tally.begin(awaited);
        recorder.injected(awaited.injectedAt(), one.index(), awaited.status());
        outstanding = Optional.of(one);
    }

    /** The gates that it met; empty if it was not injected. */
    Optional<GatePath> gates() {
        return gates;
    }

    /** The interrupt, if it was injected. */
    Optional<ImageTally.Outstanding> outstanding() {
        return outstanding;
    }

    /** The interrupt, if it was injected and the CPU is expected to take it. */
    Optional<AwaitedInterrupt> expected() {
        return outstanding.map(ImageTally.Outstanding::interrupt).filter(AwaitedInterrupt::isExpected);
    }
}
