package dev.interject.machine.vcpu;

/**
 * Receives the events of a machine, each on the thread of the vCPU that it concerns. An implementation must return
 * quickly and must not throw. vCPUs are numbered from 0; vectors are 0 to 255.
 */
public interface MachineListener {

    /** The guest has set itself up and is about to run its main loop. */
    default void ready() {}

    /** The handler of this vector runs. */
    default void taken(int vcpu, int vector) {}

    /** An exception stopped the vCPU. */
    default void fault(int vcpu, int vector) {}

    /** A spurious IRQ 7 or 15 arrived. */
    default void spurious(int vcpu, int vector) {}

    /** The vCPU crashed, or the host failed; not called when the machine is stopped. */
    default void ended(VcpuEnd end) {}
}
