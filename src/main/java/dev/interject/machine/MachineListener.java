package dev.interject.machine;

import dev.interject.device.Doorbell;

/** Hears what happens in a machine, on the vCPU's thread. Whoever implements it must be quick and must not throw. */
public interface MachineListener extends Doorbell.Listener {

    /**
     * The guest cannot run on: a triple fault, an entry that the CPU refused, an instruction that KVM cannot emulate.
     *
     * @param how one line for people
     */
    void crashed(String how);

    /** Something failed on our side, such as {@code KVM_RUN} itself; the vCPU does not run on. */
    void failed(Throwable failure);
}
