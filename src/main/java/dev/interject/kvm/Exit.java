package dev.interject.kvm;

/**
 * Why {@code KVM_RUN} returned (api.rst, "The kvm_run structure").
 *
 * <p>Exits are views of the vCPU's {@code kvm_run}, made once and handed out again and again, so that a run allocates
 * nothing: what one says holds until the next {@link Vcpu#run()}.
 */
public sealed interface Exit {

    /** IN, OUT and their string forms: the guest waits for a device. */
    record PortAccess(PortIo io) implements Exit {}

    /** A load or store where the guest has no RAM. */
    record MemoryAccess(Mmio mmio) implements Exit {}

    /** HLT; seen only where the LAPIC is not in the kernel. */
    record Halted() implements Exit {}

    /** The window that {@link Vcpu#requestInterruptWindow} asked for is open. */
    record WindowOpen() implements Exit {}

    /** The guest has lowered its task priority (CR8); seen only where the LAPIC is not in the kernel. */
    record PriorityLowered() implements Exit {}

    /** The guest ended a level-triggered interrupt of an IOAPIC outside the kernel; seen only with a split irqchip. */
    record InterruptEnded(IoapicEoi eoi) implements Exit {}

    /** A signal or {@link Vcpu#setImmediateExit} brought the vCPU out (EINTR); nothing else is known. */
    record Interrupted() implements Exit {}

    /**
     * The vCPU waited for another to start it, and something has woken it (EAGAIN): it is to be run again, to begin or
     * to wait on. Seen only with a LAPIC in the kernel, of others than the first.
     */
    record Woken() implements Exit {}

    /** What {@link Vcpu#setDebug} asked for has come about. */
    record Debugged(DebugTrap trap) implements Exit {}

    /** A triple fault. */
    record ShutDown() implements Exit {}

    /** The hardware refused to enter the guest. */
    record EntryFailed(ExitDetails details) implements Exit {}

    /** KVM could not carry on, for example because it cannot emulate an instruction. */
    record InternalError(ExitDetails details) implements Exit {}

    /** An exit that Interject has no use for. */
    record Other(ExitDetails details) implements Exit {}
}
