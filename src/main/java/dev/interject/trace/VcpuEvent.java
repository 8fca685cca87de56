package dev.interject.trace;

/** What a vCPU did, outside its handlers. */
public sealed interface VcpuEvent extends TimedEvent {

    /** Which one, from 0. */
    int vcpu();

    /** It was in the guest ({@code KVM_RUN}); with a LAPIC in the kernel that includes the guest's sleep. */
    record Ran(long begin, long end, int vcpu, ExitCause cause) implements VcpuEvent {}

    /** Its thread slept outside the guest, which is halted. */
    record Slept(long begin, long end, int vcpu) implements VcpuEvent {}

    /** IN or OUT reached the host. */
    record PortAccessed(long begin, long end, int vcpu, int port, int width, boolean write, int value)
            implements
                VcpuEvent {}

    /** A load or store outside RAM reached the host. */
    record MemoryAccessed(long begin, long end, int vcpu, long address, int width, boolean write, long value)
            implements
                VcpuEvent {}

    /** An injection window was asked for ({@code request_interrupt_window}). */
    record WindowRequested(long begin, long end, int vcpu) implements VcpuEvent {}

    /** A vector was queued ({@code KVM_INTERRUPT}); not where the kernel held one already. */
    record VectorQueued(long begin, long end, int vcpu, int vector, boolean accepted) implements VcpuEvent {}

    /** A non-maskable interrupt was asked for ({@code KVM_NMI}). */
    record NmiAsked(long begin, long end, int vcpu) implements VcpuEvent {}
}
