package dev.interject.machine.vcpu;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

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

    /** The guest runs until it is about to execute the instruction at a breakpoint; then the vCPU is held. */
    final class RunningTo implements VcpuState {

        private final GuestDebug breakpoints;
        private final BooleanSupplier wanted;
        private final CompletableFuture<OptionalLong> answer;
        private boolean mustStep;
        private long arrivedAt;

        /**
         * @param wanted whether an arrival at a breakpoint is the one; otherwise the guest runs on
         * @param answer when it got there, by {@link System#nanoTime()}; empty if it did not
         */
        RunningTo(GuestDebug breakpoints, BooleanSupplier wanted, CompletableFuture<OptionalLong> answer) {
            this.breakpoints = breakpoints;
            this.wanted = wanted;
            this.answer = answer;
        }

        GuestDebug breakpoints() {
            return breakpoints;
        }

        /** Whether a step must be taken, from a breakpoint at which the guest does not stay. */
        boolean mustStep() {
            return mustStep;
        }

        void stepped() {
            mustStep = false;
        }

        /** It is at a breakpoint; returns whether it stays there. */
        boolean arrive() {
            arrivedAt = System.nanoTime();
            mustStep = !wanted.getAsBoolean();
            return !mustStep;
        }

        /** Answers the thread that waits, when the vCPU is held. */
        void reached() {
            answer.complete(OptionalLong.of(arrivedAt));
        }
    }

    /** The vCPU runs no more. */
    record Ended(VcpuEnd end) implements VcpuState {}

    /** Answers the thread that waits for what this state was to reach, which it did not. */
    default void leaveFor(VcpuState next) {
        switch (this) {
            case Stepping(var answer) -> giveUp(answer, new StepResult.Aborted(), next);
            case RunningTo goal -> giveUp(goal.answer, OptionalLong.empty(), next);
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
