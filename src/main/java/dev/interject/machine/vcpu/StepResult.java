package dev.interject.machine.vcpu;

/** The outcome of one step. The vCPU is held after each. */
public sealed interface StepResult {

    /**
     * One instruction was executed; of a string instruction with REP, one repetition, or as many as one port access
     * moves. An exception that it raised belongs to it, as far into its handler as KVM lets it run; so does code at a
     * privilege level at which the host's KVM cannot step.
     */
    record Executed() implements StepResult {}

    /**
     * An interrupt was taken instead of an instruction: the first instruction of its handler is next.
     *
     * @param vector 0–255; 2 is a non-maskable one
     */
    record Took(int vector) implements StepResult {}

    /** The vCPU sleeps in an HLT that this step or an earlier one executed, or the guest has not started it. */
    record Asleep() implements StepResult {}

    /** Another command ended the step, or it took too long. */
    record Aborted() implements StepResult {}
}
