package dev.interject.experiment.run;

import java.util.Optional;

import dev.interject.experiment.UnsupportedPath;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Acceptance;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;

/**
 * A source whose interrupts Interject injects. One thread at a time injects; where there are several, it holds this
 * object's lock.
 */
final class InjectedSource extends InterruptSource {

    /** In place of a time of injection: the device still asserted its line when the previous handler acknowledged. */
    private static final long STILL_ASSERTED = Long.MIN_VALUE;

    private final Injector injector;
    private final boolean forced;
    /** Nothing on the path keeps a line that is high: no controller has it. */
    private final boolean leadsNowhere;
    /** No LAPIC accepts it, as the gates predict. (KVM keeps an NMI even for a vCPU that has not started.) */
    private final boolean cannotArrive;
    private Optional<SystemCallException> refusal = Optional.empty();
    private int refused;
    private int ignored;
    private int coalesced;
    /** How many acknowledgements are left until the device de-asserts its line. */
    private volatile int leftUntilRelease;

    /** @param forced whether an interrupt that the kernel refuses with an error is counted; else the error is thrown */
    InjectedSource(ResolvedInjection target, GatePath path, Machine machine, InterruptLog log, Injector injector,
            boolean forced) {
        super(target, path, machine, log);
        this.injector = injector;
        this.forced = forced;
        this.leadsNowhere = path.has(Verdict.MISROUTED);
        this.cannotArrive = target.route().isMaskable() && (path.reachesNoVcpu()
                || target.trigger() == Trigger.EDGE && path.prediction().fate() == Prediction.Fate.DROPPED);
    }

    // --- the threads that inject

    /**
     * Injects one interrupt, of a device that asserts its line for some runs of its handler. Allocates nothing.
     *
     * @param times after how many acknowledgements the device de-asserts; each counts as an interrupt with this status
     * @return whether the kernel took it, rather than refusing it with an error
     * @throws SystemCallException the kernel's refusal, unless it is forced
     */
    boolean inject(int index, int times) {
        leftUntilRelease = times;
        request(times);
        long now = System.nanoTime();
        log().injectedAt(index, now);
        for (int i = 1; i < times; i++) {
            log().injectedAt(index + i, STILL_ASSERTED);
        }
        int status;
        try {
            status = injector.inject();
        } catch (SystemCallException failed) {
            refuse(index, times, failed);
            return false;
        }
        recorder().injected(now, index, status);
        for (int i = 0; i < times; i++) {
            log().status(index + i, status);
        }
        return true;
    }

    private void refuse(int index, int times, SystemCallException failed) {
        for (int i = 0; i < times; i++) {
            recorder().refused(index + i, failed.errno().number());
            log().refused(index + i, -failed.errno().number());
        }
        refused += times;
        refusal = refusal.or(() -> Optional.of(failed));
        if (!forced || !UnsupportedPath.isRefusal(failed)) {
            throw failed;
        }
    }

    /** Counts an injected interrupt by its status; returns whether an acknowledgement of its own is to be expected. */
    boolean count(int index, int times) {
        switch (acceptance(index)) {
            case ACCEPTED -> {
                for (int i = 0; i < times; i++) {
                    accept(index + i);
                }
                return true;
            }
            case COALESCED -> coalesced += times;
            case IGNORED -> ignored += times;
        }
        return false;
    }

    /** What the controllers did with an interrupt: by its status, or by the gates where there is none. */
    Acceptance acceptance(int index) {
        int status = log().rawStatus(index);
        boolean ignored = status == Injector.NO_STATUS ? cannotArrive : leadsNowhere && status <= 0;
        return ignored
                ? Acceptance.IGNORED
                : target().route().acceptance(status, target().trigger());
    }

    /** Counts interrupts that were merged with others, as the controllers' state shows. */
    void coalesced(int count) {
        if (count > 0) {
            recorder().coalesced(vector().orElseThrow(), count);
        }
        coalesced += count;
    }

    /** Counts interrupts that were ignored, as the controllers' state shows. */
    void ignored(int count) {
        ignored += count;
    }

    Injector injector() {
        return injector;
    }

    // --- the vCPU's thread

    @Override
    long clock() {
        return System.nanoTime();
    }

    @Override
    void onAcknowledged() {
        if (--leftUntilRelease == 0) {
            injector.release();
        }
    }

    // --- the run's thread

    @Override
    void settleLog() {
        for (int i = 0; i < taken(); i++) {
            int index = acceptedAt(i);
            if (log().injectedAt(index) == STILL_ASSERTED) {
                log().injectedAt(index, acknowledgedAt(i - 1));
            }
            log().latency(index, acknowledgedAt(i) - log().injectedAt(index));
        }
    }

    /** The first error with which the kernel refused one. */
    Optional<SystemCallException> refusal() {
        return refusal;
    }

    /** How many the kernel refused with an error. */
    int refused() {
        return refused;
    }

    /** How many the controllers ignored. */
    int ignored() {
        return ignored;
    }

    /** How many were merged with others. */
    int coalesced() {
        return coalesced;
    }
}
