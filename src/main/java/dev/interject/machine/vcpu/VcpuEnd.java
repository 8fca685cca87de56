package dev.interject.machine.vcpu;

/** Why a vCPU runs no more. */
public sealed interface VcpuEnd {

    /** The vCPU's number, from 0. */
    int vcpu();

    /** One line for people. */
    String describe();

    /**
     * The guest cannot continue: a triple fault, a VM entry that the CPU refused, an instruction that KVM cannot
     * emulate. For those who wait for the guest, also an exception that the guest reports through its doorbell. The
     * state of the vCPU can still be read.
     *
     * @param how one line for people
     */
    record Crashed(int vcpu, String how) implements VcpuEnd {

        @Override
        public String describe() {
            return "vCPU %d crashed: %s".formatted(vcpu, how);
        }
    }

    /**
     * The host, not the guest, failed: {@code KVM_RUN} or another call on the vCPU's thread.
     *
     * @param cause a {@link dev.interject.linux.error.SystemCallException} with the call and its errno; anything else
     *              is a bug, in Interject or in a {@link MachineListener}
     */
    record HostFailed(int vcpu, Throwable cause) implements VcpuEnd {

        @Override
        public String describe() {
            return "vCPU %d cannot run on this host: %s".formatted(vcpu, cause.getMessage());
        }
    }

    /** The machine was stopped or closed. */
    record Stopped(int vcpu) implements VcpuEnd {

        @Override
        public String describe() {
            return "vCPU %d was stopped with its machine".formatted(vcpu);
        }
    }
}
