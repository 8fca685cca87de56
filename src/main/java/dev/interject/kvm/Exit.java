package dev.interject.kvm;

/**
 * Why {@code KVM_RUN} returned (api.rst, "The kvm_run structure").
 *
 * <p>Exits are views of the vCPU's {@code kvm_run}. Each is created once and reused, so that a run allocates nothing;
 * its content is valid until the next {@link Vcpu#run()}.
 */
public sealed interface Exit {

    /** IN, OUT or their string forms: the guest accesses a device. */
    record PortAccess(PortIo io) implements Exit {}

    /** A load or store where the guest has no RAM. */
    record MemoryAccess(Mmio mmio) implements Exit {}

    /** HLT; only where the LAPIC is not in the kernel. */
    record Halted() implements Exit {}

    /** The interrupt window that {@link Vcpu#requestInterruptWindow} requested is open. */
    record WindowOpen() implements Exit {}

    /** The guest has lowered its task priority (CR8); only where the LAPIC is not in the kernel. */
    record PriorityLowered() implements Exit {}

    /** The guest ended a level-triggered interrupt of an IOAPIC in user space; only with a split irqchip. */
    record InterruptEnded(IoapicEoi eoi) implements Exit {}

    /** A signal or {@link Vcpu#setImmediateExit} ended the run (EINTR); {@code kvm_run} holds no exit. */
    record Interrupted() implements Exit {}

    /**
     * An application processor that waited to be started was woken (EAGAIN). The caller runs it again: it starts, or
     * waits again. Only with a LAPIC in the kernel.
     */
    record Woken() implements Exit {}

    /** A step or breakpoint of {@link Vcpu#setDebug} was reached. */
    record Debugged(DebugTrap trap) implements Exit {}

    /** A triple fault. */
    record ShutDown() implements Exit {}

    /** The hardware refused to enter the guest. */
    record EntryFailed(ExitDetails details) implements Exit {}

    /** KVM cannot continue, for example because it cannot emulate an instruction. */
    record InternalError(ExitDetails details) implements Exit {}

    /** An exit that Interject does not handle. */
    record Other(ExitDetails details) implements Exit {}
}
