package dev.interject.experiment.run;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

import dev.interject.experiment.UnsupportedPath;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GateKind;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.gate.Verdict;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Acceptance;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.GuestState;
import dev.interject.linux.error.SystemCallException;
import dev.interject.machine.Machine;
import dev.interject.machine.VcpuHandle;

/**
 * A source whose interrupts Interject injects. One thread at a time injects; where there are several, it holds this
 * object's lock.
 */
final class InjectedSource extends InterruptSource {

    /** In place of a time of injection: the device still asserted its line when the previous handler acknowledged. */
    private static final long STILL_ASSERTED = Long.MIN_VALUE;
    private static final Set<GateKind> SPURIOUS = EnumSet.of(GateKind.CASCADE, GateKind.SPURIOUS);

    private final Injector injector;
    private final VcpuHandle vcpu;
    private final boolean forced;
    /** Nothing on the path keeps a line that is high: no controller has it. */
    private final boolean leadsNowhere;
    /** No LAPIC accepts it, as the gates predict. (KVM keeps an NMI even for a vCPU that has not started.) */
    private final boolean cannotArrive;
    private final Fate fateOfFirst;
    /** The guest takes the first one for a spurious interrupt: its handler acknowledges none. */
    private final boolean isFirstSpurious;
    private volatile boolean firstHasCoalesced;
    private Optional<SystemCallException> refusal = Optional.empty();
    private int refused;
    private int ignored;
    private int coalesced;
    /** How many acknowledgements are left until the device de-asserts its line. */
    private volatile int leftUntilRelease;

    /** @param forced whether an interrupt that the kernel refuses with an error is counted; else the error is thrown */
    InjectedSource(ResolvedInjection target, GatePath path, GuestState before, Machine machine, InterruptLog log,
            Injector injector, boolean forced) {
        super(target, path, before, machine, log, false);
        this.injector = injector;
        this.vcpu = machine.vcpu(target.vcpu());
        this.forced = forced;
        this.leadsNowhere = path.has(Verdict.MISROUTED);
        Prediction first = path.predictionWhenRunning();
        this.fateOfFirst = first.fate();
        this.isFirstSpurious = first.because().filter(gate -> SPURIOUS.contains(gate.kind())).isPresent();
        this.cannotArrive = target.route().isMaskable() && (path.reachesNoVcpu()
                || target.trigger() == Trigger.EDGE && fateOfFirst == Fate.DROPPED && !path.isHighBefore());
    }

    // --- the threads that inject

    /** Whether the target sleeps, so that it executes no EOI until it is interrupted. */
    boolean isTargetHalted() {
        return vcpu.inspectCpu().halted();
    }

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

    /**
     * Counts the first interrupt of a run, which meets the state that the gates know: a status may be that of one that
     * merged, of one that a LAPIC dropped, or of one that arrives elsewhere.
     *
     * @return whether an acknowledgement of its own is to be expected
     */
    boolean countFirst(int index, int times) {
        Acceptance first = switch (fateOfFirst) {
            case TAKEN, BREAKS, UNKNOWN -> acceptance(index);
            case WAITS -> Acceptance.ACCEPTED;
            case MERGES -> coalescesEverywhere() ? Acceptance.COALESCED : Acceptance.ACCEPTED;
            case DROPPED, MISROUTED -> Acceptance.IGNORED;
        };
        if (fateOfFirst == Fate.MERGES) {
            firstHasCoalesced = true;
            firstCoalesces();
        }
        return count(index, times, first) && !isFirstSpurious;
    }

    private boolean coalescesEverywhere() {
        return targetVcpus().vcpus().stream().allMatch(path()::coalescesAt);
    }

    /** Counts an injected interrupt by its status; returns whether an acknowledgement of its own is to be expected. */
    boolean count(int index, int times) {
        return count(index, times, acceptance(index));
    }

    private boolean count(int index, int times, Acceptance acceptance) {
        switch (acceptance) {
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
        boolean ignored = status == Injector.NO_STATUS ? cannotArrive
                : status <= 0 && leadsNowhere || status == 0 && !path().showsCoalescing();
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

    /** The one that merged with it is of the same device. */
    @Override
    void onEarlierAcknowledged() {
        if (firstHasCoalesced) {
            onAcknowledged();
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

    /** Whether an 8259 may have latched one that it ignored according to its status, since its line is masked. */
    boolean mayBeLatched() {
        return path().showsCoalescing() && fateOfFirst != Fate.DROPPED && fateOfFirst != Fate.MISROUTED;
    }

    /** How many were merged with others at this vCPU. */
    int coalescedAt(int vcpu) {
        boolean isFirst = firstHasCoalesced && !coalescesEverywhere() && path().coalescesAt(vcpu);
        return coalesced + (isFirst ? 1 : 0);
    }

    /** How many were merged with others at all vCPUs that take them. */
    int coalesced() {
        return coalesced;
    }
}
