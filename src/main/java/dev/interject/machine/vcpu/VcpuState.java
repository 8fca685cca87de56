package dev.interject.machine.vcpu;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import dev.interject.kvm.state.GuestDebug;

/**
 * What a vCPU's thread does with its vCPU. Whether the guest sleeps in HLT is the guest's own state: a sleeping vCPU
 * can be held and stepped as well.
 */
sealed interface VcpuState {

    VcpuState RUNNING = new Running();
    VcpuState HELD = new Held();

    /** The guest runs, or sleeps in HLT until something wakes it. */
    record Running() implements VcpuState {}

    /** The vCPU stays out of the guest. */
    record Held() implements VcpuState {}

    /** The vCPU executes one instruction or takes one interrupt, and is held then. */
    record Stepping(CompletableFuture<StepResult> answer) implements VcpuState {}

    /**
     * The guest runs until it is about to execute the instruction at a breakpoint; then the vCPU is held.
     *
     * @param answer when it got there, by {@link System#nanoTime()}; empty if it did not
     */
    record RunningTo(GuestDebug breakpoints, CompletableFuture<OptionalLong> answer) implements VcpuState {}

    /** The vCPU runs no more. */
    record Ended(VcpuEnd end) implements VcpuState {}

    /** Answers the thread that waits for what this state was to reach, which it did not. */
    default void leaveFor(VcpuState next) {
        switch (this) {
            case Stepping(var answer) -> giveUp(answer, new StepResult.Aborted(), next);
            case RunningTo(_, var answer) -> giveUp(answer, OptionalLong.empty(), next);
            case Running _,Held _,Ended _ -> {
                // no thread waits
            }
        }
    }

    private static <T> void giveUp(CompletableFuture<T> answer, T notReached, VcpuState next) {
        if (next instanceof Ended(VcpuEnd end)) {
            answer.completeExceptionally(new VcpuEndedException(end));
        } else {
            answer.complete(notReached);
        }
    }
}
