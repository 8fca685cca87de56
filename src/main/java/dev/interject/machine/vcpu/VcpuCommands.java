package dev.interject.machine.vcpu;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.kvm.state.GuestDebug;

/**
 * What other threads can have done with a vCPU. Each call waits for its answer.
 *
 * <p>All fail with {@link VcpuEndedException} if the vCPU has ended or ends meanwhile, and with another
 * {@link IllegalStateException} if it was not started or does not come out of the guest. A vCPU that crashed can still
 * be read: {@link #call} and {@link #hold} do not fail for it.
 */
public final class VcpuCommands {

    /** Far longer than a kick takes (some 40 µs), also on a busy host. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VcpuActor actor;

    VcpuCommands(VcpuActor actor) {
        this.actor = actor;
    }

    /** Does something with the vCPU out of the guest. The guest runs on afterwards. */
    public <T> T call(Callable<T> work) {
        return call(work, PATIENCE);
    }

    /** As above, for work that takes its time. */
    public <T> T call(Callable<T> work, Duration patience) {
        VcpuTask<T> task = new VcpuTask<>(work, false);
        actor.post(task);
        return await(task, patience);
    }

    /**
     * Does something at the first moment at which the vCPU can take an external interrupt, or when the time is up.
     *
     * @throws UnsupportedOperationException if the vCPU gets no vectors from user space, and so has no window
     */
    public <T> T callWhenOpen(Callable<T> work, Duration time) {
        if (actor.window().isEmpty()) {
            throw new UnsupportedOperationException("this vCPU has no interrupt window: its PIC is in the kernel");
        }
        VcpuTask<T> task = new VcpuTask<>(work, true);
        actor.post(task);
        try {
            return answer(task, time);
        } catch (TimeoutException closed) {
            task.waitNoLonger();
            actor.post(task); // it does not run a second time if it ran just now
            return await(task, PATIENCE);
        }
    }

    /** Stops the vCPU between two instructions and keeps it out of the guest. */
    public void hold() {
        holdsAt(List.of());
    }

    /** Lets the guest run on. */
    public void resume() {
        become(VcpuState.RUNNING);
    }

    /** Whether the vCPU is held. */
    public boolean isHeld() {
        return actor.state() instanceof VcpuState.Held;
    }

    /** How the vCPU has ended; empty while it has not. */
    public Optional<VcpuEnd> end() {
        return actor.state() instanceof VcpuState.Ended(VcpuEnd end) ? Optional.of(end) : Optional.empty();
    }

    /**
     * Has the vCPU execute one instruction or take one interrupt, and holds it.
     *
     * <p>Which of the two is decided before the step: an interrupt that arrives during it is taken by a later one. (On
     * kernels without {@code KVM_GUESTDBG_BLOCKIRQ}, before 5.15, its handler may run within the step.) STI and HLT
     * are not left to KVM, for some hosts step over the instruction after STI as well, drop its shadow, or do not
     * sleep. The shadow of MOV SS is that of the host.
     */
    public StepResult step() {
        CompletableFuture<StepResult> answer = new CompletableFuture<>();
        become(new VcpuState.Stepping(answer));
        return awaitGoal(answer, PATIENCE);
    }

    /**
     * Lets the guest run until it is about to execute the instruction at a linear address, and holds the vCPU. If it
     * is already there, it first takes a step.
     *
     * @param  patience how long that may take; after that it is held wherever it is
     * @return          whether it got there
     */
    public boolean runTo(long address, Duration patience) {
        return runTo(List.of(address), () -> {}, () -> true, patience).isPresent();
    }

    /**
     * As above, to the first of some addresses that the guest gets to.
     *
     * @param  addresses at most four; with none, the vCPU is held when the time is over
     * @param  first     done on the vCPU's thread, out of the guest, just before it runs
     * @param  wanted    asked there whenever the guest gets to an address: whether it stays; otherwise it runs on
     * @return           when it got there, by {@link System#nanoTime()}; empty if it did not
     */
    public OptionalLong runTo(List<Long> addresses, Runnable first, BooleanSupplier wanted, Duration patience) {
        Runnable before = first;
        if (holdsAt(addresses)) {
            become(first, VcpuState.HELD);
            before = () -> {};
            // one that sleeps in the HLT before it executes the instruction only after it has been woken
            StepResult step = step();
            if ((step instanceof StepResult.Executed || step instanceof StepResult.Took) && holdsAt(addresses)
                    && call(wanted::getAsBoolean)) {
                return OptionalLong.of(System.nanoTime());
            }
        }
        CompletableFuture<OptionalLong> answer = new CompletableFuture<>();
        become(before, new VcpuState.RunningTo(GuestDebug.breakAt(addresses), wanted, answer));
        return awaitGoal(answer, patience);
    }

    /** Holds the vCPU; returns whether it is about to execute the instruction at one of these addresses. */
    private boolean holdsAt(List<Long> addresses) {
        return call(() -> {
            if (!(actor.state() instanceof VcpuState.Ended)) {
                actor.become(VcpuState.HELD);
            }
            return !addresses.isEmpty() && addresses.contains(actor.debugger().next());
        });
    }

    /**
     * Has a vCPU that is held before a port or memory access execute it, and keeps the access open until the vCPU
     * enters the guest again.
     *
     * @return whether it is open; if not, the vCPU was kicked, and this can be called again
     */
    public boolean openAccess() {
        return call(() -> actor.access().open());
    }

    /** Whether {@link #runTo} works: without debug registers only for a vCPU that is alone. */
    public boolean hasBreakpoints() {
        try {
            call(() -> actor.debugger().registersWork()); // else code is patched, if no other vCPU runs it
            return true;
        } catch (UnsupportedKvmException several) {
            return false;
        }
    }

    private void become(VcpuState next) {
        become(() -> {}, next);
    }

    private void become(Runnable first, VcpuState next) {
        call(() -> {
            if (actor.state() instanceof VcpuState.Ended(VcpuEnd end)) {
                throw new VcpuEndedException(end);
            }
            first.run();
            actor.become(next);
            return null;
        });
    }

    private <T> T awaitGoal(CompletableFuture<T> goal, Duration patience) {
        try {
            return answer(goal, patience);
        } catch (TimeoutException late) {
            hold(); // gives up the goal, if it has not been reached just now
            return await(goal, PATIENCE);
        }
    }

    private <T> T await(Future<T> task, Duration patience) {
        try {
            return answer(task, patience);
        } catch (TimeoutException late) {
            actor.inbox().withdraw(task);
            throw stuck();
        }
    }

    private <T> T answer(Future<T> task, Duration patience) throws TimeoutException {
        try {
            return task.get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            actor.inbox().withdraw(task);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the guest", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        }
    }

    static IllegalStateException stuck() {
        return new IllegalStateException("the vCPU does not come out of the guest");
    }
}
