package dev.interject.interrupt.gate;

/**
 * The vCPU that a branch leads to.
 *
 * @param vcpu    its number
 * @param group   branches with the same number are of the same interrupt, for several vCPUs
 * @param isRival whether one branch of the group alone is taken, and which is not determined
 */
public record BranchTarget(int vcpu, int group, boolean isRival) {

    /** The only vCPU of an interrupt. */
    static BranchTarget only(int vcpu) {
        return new BranchTarget(vcpu, 0, false);
    }
}
