package dev.interject.machine.vcpu;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.interject.kvm.DebugTrap;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.GuestDebug;

/**
 * Holds a vCPU out of the guest, between two instructions, and lets it go: for one step, up to an address, or for good.
 *
 * <p>A vCPU that is held can be looked at and interrupted as always; nothing but this starts it again. Other vCPUs run
 * on, and so do the kernel's timers. Every method may be called at any time, whether the vCPU is held or not; a command
 * ends the one before, also that of another thread. All fail with {@link IllegalStateException} if the vCPU does not
 * come out of the guest, or its machine is closed or was never started.
 */
public final class VcpuDebugger {

    /** What a vCPU that was let run is to be held at. */
    private sealed interface Goal {

        record Step(CompletableFuture<StepResult> reached) implements Goal {}

        record Place(long address, CompletableFuture<Boolean> reached) implements Goal {}
    }

    private final Vcpu vcpu;
    private final StepPlanner footing;
    private final VcpuTasks errands;
    private volatile boolean held;
    /** Where it is to be held; null where it is held, or runs for good. Touched by the vCPU's thread alone. */
    private Goal goal;

    VcpuDebugger(Vcpu vcpu, StepPlanner footing, VcpuTasks errands) {
        this.vcpu = vcpu;
        this.footing = footing;
        this.errands = errands;
    }

    // --- any thread

    /** Stops the vCPU between two instructions; it stays there. */
    public void hold() {
        errands.call(() -> {
            stop();
            return null;
        });
    }

    /** Lets the vCPU run on for good. */
    public void letGo() {
        errands.call(() -> {
            stop();
            held = false;
            return null;
        });
    }

    public boolean isHeld() {
        return held;
    }

    /**
     * Has the vCPU execute one instruction, or take one interrupt, and holds it.
     *
     * <p>Which of the two is decided before the step: an interrupt that arrives in the very moment belongs to the
     * instruction, as far as its handler gets within it. The shadow of STI and MOV SS is honoured where the host's KVM
     * does so while it steps (VMX does not). HLT is not left to KVM, for some step over it without sleeping.
     */
    public StepResult step() {
        CompletableFuture<StepResult> reached = new CompletableFuture<>();
        pursue(new Goal.Step(reached), GuestDebug.OFF); // how to debug is decided when it is known what comes next
        return await(reached, VcpuTasks.PATIENCE);
    }

    /**
     * Lets the vCPU run until it is about to execute the instruction at a linear address, and holds it. Where it stands
     * there already, it first takes a step.
     *
     * @param patience how long that may take; after that it is held wherever it is
     * @return whether it got there
     */
    public boolean runTo(long address, Duration patience) {
        hold();
        if (standsAt(address)) {
            step();
            if (standsAt(address)) {
                return true;
            }
        }
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        pursue(new Goal.Place(address, reached), GuestDebug.breakAt(address));
        return await(reached, patience);
    }

    private boolean standsAt(long address) {
        return errands.call(() -> footing.linearAddress() == address);
    }

    private void pursue(Goal next, GuestDebug debug) {
        errands.call(() -> {
            stop();
            vcpu.setDebug(debug);
            goal = next;
            held = false;
            return null;
        });
    }

    private <T> T await(CompletableFuture<T> reached, Duration patience) {
        try {
            return reached.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            hold(); // which gives up the goal, if it has not been reached just now
            return reached.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the guest", interrupted);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    // --- the vCPU's thread

    /** To be called before the thread starts. */
    public void holdFromTheStart() {
        held = true;
    }

    boolean isStepping() {
        return goal instanceof Goal.Step;
    }

    /** {@code KVM_EXIT_DEBUG} came. */
    void trapped(DebugTrap trap) {
        switch (goal) {
            case Goal.Step step -> stepped(footing.outcome(trap));
            case Goal.Place(long address, var reached) -> {
                if (trap.pc() == address) {
                    settle();
                    reached.complete(true);
                }
            }
            case null -> {
                // it came out for something that nobody waits for any more
            }
        }
    }

    /** The step that is under way, if any, has ended. */
    void stepped(StepResult how) {
        if (goal instanceof Goal.Step(var reached)) {
            settle();
            reached.complete(how);
        }
    }

    /** The vCPU cannot run on. */
    void ended() {
        Goal missed = goal;
        goal = null;
        held = true;
        giveUp(missed, new StepResult.Ended());
    }

    /** Holds it where it is; whoever waits for a goal learns that it was not reached. */
    private void stop() {
        Goal missed = goal;
        settle();
        giveUp(missed, new StepResult.Aborted());
    }

    private static void giveUp(Goal missed, StepResult how) {
        switch (missed) {
            case Goal.Step(var reached) -> reached.complete(how);
            case Goal.Place(long address, var reached) -> reached.complete(false);
            case null -> {
                // nobody waits
            }
        }
    }

    private void settle() {
        boolean debugged = goal != null;
        goal = null;
        held = true;
        if (debugged) {
            vcpu.setDebug(GuestDebug.OFF);
        }
    }
}
