package dev.interject.machine.vcpu;

/**
 * Hears what happens in a machine, on the thread of the vCPU that it happens to. Whoever implements it must be quick
 * and must not throw. vCPUs are numbered from 0, vectors are 0 to 255.
 */
public interface MachineListener {

    /** The guest is set up and about to run its main loop. */
    void ready();

    /** The handler of this vector runs. */
    void taken(int vcpu, int vector);

    /** An exception stopped the vCPU. */
    void fault(int vcpu, int vector);

    /** A spurious IRQ 7 or 15 arrived. */
    void spurious(int vcpu, int vector);

    /**
     * The vCPU cannot run on: a triple fault, an entry that the CPU refused, an instruction that KVM cannot emulate.
     *
     * @param how one line for people
     */
    void crashed(int vcpu, String how);

    /** Something failed on our side, such as {@code KVM_RUN} itself; the vCPU does not run on. */
    void failed(Throwable failure);
}
