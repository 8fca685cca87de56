package dev.interject.trace;

/** Something that a vCPU did outside its handlers. */
public sealed interface VcpuEvent extends TimedEvent {

    /** The vCPU's number, from 0. */
    int vcpu();

    /** The vCPU was in {@code KVM_RUN}; with a LAPIC in the kernel that includes the time for which it is halted. */
    record Ran(long begin, long end, int vcpu, ExitCause cause) implements VcpuEvent {}

    /**
     * The vCPU's thread slept outside {@code KVM_RUN}.
     *
     * @param halted whether it did because the guest is halted, rather than held
     */
    record Slept(long begin, long end, int vcpu, boolean halted) implements VcpuEvent {}

    /** An IN or OUT of {@code width} bytes exited to the host. */
    record PortAccessed(long begin, long end, int vcpu, int port, int width, boolean write, int value)
            implements
                VcpuEvent {}

    /** A load or store of {@code width} bytes outside RAM exited to the host. */
    record MemoryAccessed(long begin, long end, int vcpu, long address, int width, boolean write, long value)
            implements
                VcpuEvent {}

    /** An interrupt window was requested ({@code request_interrupt_window}). */
    record WindowRequested(long begin, long end, int vcpu) implements VcpuEvent {}

    /** A vector was queued ({@code KVM_INTERRUPT}); not accepted where the kernel already held one. */
    record VectorQueued(long begin, long end, int vcpu, int vector, boolean accepted) implements VcpuEvent {}

    /** A non-maskable interrupt was requested ({@code KVM_NMI}). */
    record NmiRequested(long begin, long end, int vcpu) implements VcpuEvent {}
}
