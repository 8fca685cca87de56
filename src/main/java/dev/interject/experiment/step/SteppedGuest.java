package dev.interject.experiment.step;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.GuestPosition;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.run.EndingExplainer;
import dev.interject.experiment.run.RunMonitor;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.state.CpuState;
import dev.interject.machine.Machine;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.machine.vcpu.VcpuEndedException;

/**
 * A guest that an experiment brings to a point, under the watchdog and the user's cancellation.
 *
 * <p>Methods throw {@link EndedEarlyException} if the guest has crashed, the host has failed, the user has cancelled or
 * the time is up.
 */
public final class SteppedGuest {

    /** How long the guest runs towards a symbol before the watchdog and the user's cancellation are checked again. */
    private static final Duration SLICE = Duration.ofMillis(100);

    private final Machine machine;
    private final RunPlan plan;
    private final RunMonitor monitor;
    private final EndingExplainer endings;

    /** @param monitor the machine's listener, with the watchdog's deadline */
    public SteppedGuest(Machine machine, RunPlan plan, List<ResolvedInjection> targets, RunMonitor monitor) {
        this.machine = machine;
        this.plan = plan;
        this.monitor = monitor;
        this.endings = new EndingExplainer(plan, targets, monitor);
    }

    /** Lets the guest run until it has reported that it is ready. */
    public void awaitReady() {
        if (!monitor.awaitReady()) {
            throw notReached("the guest did not report in time that it is ready");
        }
    }

    /** Holds vCPU 0 before the first instruction of a symbol, which it runs to. */
    public void runTo(String symbol) {
        long address = machine.addressOf(symbol)
                .orElseThrow(() -> new EndedEarlyException(Outcome.REFUSED,
                        "guest %s has no symbol '%s'".formatted(plan.effectiveGuest(), symbol)));
        boolean reached = machine.vcpu(0).runTo(address, slice());
        while (!reached) {
            requireRunning("the guest did not reach " + symbol);
            reached = standsAt(address) || machine.vcpu(0).runTo(address, slice());
        }
    }

    /** In an HLT the instruction that is next is executed only after an interrupt. */
    private boolean standsAt(long address) {
        CpuState cpu = machine.vcpu(0).inspectCpu();
        return cpu.special().cs().base() + cpu.registers().rip() == address && !cpu.halted();
    }

    private Duration slice() {
        Duration left = monitor.deadline().left();
        return left.compareTo(SLICE) < 0 ? left : SLICE;
    }

    /** Has vCPU 0 execute one instruction or take one interrupt. */
    public StepResult step() {
        return stepUnlessCrashed().orElseThrow(() -> notReached("the guest crashed"));
    }

    /** As {@link #step()}, but empty if the guest has crashed. */
    public Optional<StepResult> stepUnlessCrashed() {
        while (monitor.guestRuns()) {
            requireRunning("the guest was still single-stepped");
            try {
                StepResult result = machine.vcpu(0).step();
                if (!(result instanceof StepResult.Aborted)) { // a step that takes very long is tried again
                    return Optional.of(result);
                }
            } catch (VcpuEndedException ended) {
                // the monitor has how
            }
        }
        if (monitor.hasHostFailed()) {
            throw notReached("the host failed");
        }
        return Optional.empty();
    }

    /**
     * Requires that neither guest, host, user nor watchdog has ended the experiment.
     *
     * @param doing what the watchdog interrupted, in one clause
     */
    public void requireRunning(String doing) {
        if (!monitor.isGoingOn()) {
            throw notReached(doing);
        }
    }

    /**
     * The exception that ends the experiment.
     *
     * @param otherwise the reason if neither guest, host, user nor watchdog ended it, in one clause
     */
    public EndedEarlyException notReached(String otherwise) {
        Optional<GuestPosition> position = monitor.hasHostFailed() ? Optional.empty()
                : Optional.of(GuestPosition.of(machine.vcpu(0).inspectCpu(), machine));
        return new EndedEarlyException(endings.ending(machine, OptionalInt.empty(), position, () -> otherwise));
    }
}
