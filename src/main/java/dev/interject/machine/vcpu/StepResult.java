package dev.interject.machine.vcpu;

/** What became of one step of a vCPU that is held. It is held afterwards, whatever became of it. */
public sealed interface StepResult {

    /**
     * One instruction was executed; of a string instruction with REP, one repetition, or as many as one port access
     * moves. An exception that it raised belongs to it, as far into its handler as KVM lets it run; so does what runs
     * at a privilege at which the host's KVM cannot step.
     */
    record Executed() implements StepResult {}

    /**
     * An interrupt was taken instead of an instruction: the first of its handler is next.
     *
     * @param vector 0–255; 2 is a non-maskable one
     */
    record Took(int vector) implements StepResult {}

    /** It sleeps, in the HLT that it executed or executed before, or since the guest has not started it. */
    record Asleep() implements StepResult {}

    /** It cannot run on: the listener has heard why. */
    record Ended() implements StepResult {}

    /** It was stopped before KVM said that it had stepped, by another command or since that took too long. */
    record Aborted() implements StepResult {}
}
