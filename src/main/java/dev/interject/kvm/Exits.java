package dev.interject.kvm;

import java.lang.foreign.MemorySegment;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_run;

/** The exits of one vCPU: views of its {@code kvm_run}, each made once. */
final class Exits {

    private final MemorySegment run;
    private final PortIo portIo;
    private final Exit portAccess;
    private final Exit memoryAccess;
    private final Exit halted = new Exit.Halted();
    private final Exit windowOpen = new Exit.WindowOpen();
    private final Exit priorityLowered = new Exit.PriorityLowered();
    private final Exit interruptEnded;
    private final Exit interrupted = new Exit.Interrupted();
    private final Exit woken = new Exit.Woken();
    private final Exit debugged;
    private final Exit shutDown = new Exit.ShutDown();
    private final Exit entryFailed;
    private final Exit internalError;
    private final Exit other;

    Exits(MemorySegment run) {
        this.run = run;
        ExitDetails details = new ExitDetails(run);
        this.portIo = new PortIo(run);
        this.portAccess = new Exit.PortAccess(portIo);
        this.memoryAccess = new Exit.MemoryAccess(new Mmio(run));
        this.interruptEnded = new Exit.InterruptEnded(new IoapicEoi(run));
        this.debugged = new Exit.Debugged(new DebugTrap(run));
        this.entryFailed = new Exit.EntryFailed(details);
        this.internalError = new Exit.InternalError(details);
        this.other = new Exit.Other(details);
    }

    Exit interrupted() {
        return interrupted;
    }

    Exit woken() {
        return woken;
    }

    /** The exit that {@code exit_reason} names. Not after EINTR, when that is an earlier one's. */
    Exit current() {
        int reason = kvm_run.exit_reason(run);
        if (reason == NativeHeaders.KVM_EXIT_IO()) {
            portIo.read();
            return portAccess;
        }
        if (reason == NativeHeaders.KVM_EXIT_HLT()) {
            return halted;
        }
        if (reason == NativeHeaders.KVM_EXIT_IRQ_WINDOW_OPEN()) {
            return windowOpen;
        }
        if (reason == NativeHeaders.KVM_EXIT_MMIO()) {
            return memoryAccess;
        }
        if (reason == NativeHeaders.KVM_EXIT_SET_TPR()) {
            return priorityLowered;
        }
        if (reason == NativeHeaders.KVM_EXIT_IOAPIC_EOI()) {
            return interruptEnded;
        }
        if (reason == NativeHeaders.KVM_EXIT_INTR()) {
            return interrupted;
        }
        if (reason == NativeHeaders.KVM_EXIT_DEBUG()) {
            return debugged;
        }
        if (reason == NativeHeaders.KVM_EXIT_SHUTDOWN()) {
            return shutDown;
        }
        if (reason == NativeHeaders.KVM_EXIT_FAIL_ENTRY()) {
            return entryFailed;
        }
        if (reason == NativeHeaders.KVM_EXIT_INTERNAL_ERROR()) {
            return internalError;
        }
        return other;
    }
}
