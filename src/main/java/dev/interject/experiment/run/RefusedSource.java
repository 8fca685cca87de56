package dev.interject.experiment.run;

import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;

/** A path that the kernel refused as a whole, so that none of its interrupts is even tried. */
final class RefusedSource extends InterruptSource {

    private final SystemCallException refusal;

    RefusedSource(ResolvedInjection target, GatePath path, GuestState before, Machine machine, InterruptLog log,
            SystemCallException refusal) {
        super(target, path, before, machine, log, false);
        this.refusal = refusal;
    }

    /** Counts an interrupt as refused. */
    void refuse(int index) {
        request(1);
        recorder().refused(index, refusal.errno().number());
        log().refused(index, -refusal.errno().number());
    }

    SystemCallException refusal() {
        return refusal;
    }

    @Override
    long clock() {
        return System.nanoTime();
    }

    @Override
    void onAcknowledged() {
        // nothing was injected
    }

    @Override
    void onEarlierAcknowledged() {
        // nothing was injected
    }

    @Override
    void settleLog() {
        // none was taken
    }
}
