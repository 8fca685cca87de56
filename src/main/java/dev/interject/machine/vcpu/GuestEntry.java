package dev.interject.machine.vcpu;

import java.util.Optional;
import java.util.function.Consumer;

import dev.interject.interrupt.inject.InterruptWindow;
import dev.interject.kvm.Exit;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.GuestDebug;
import dev.interject.kvm.state.MpState;
import dev.interject.linux.error.Errno;

/**
 * Enters the guest, and keeps what the last exit left behind. On the vCPU's thread; allocates nothing.
 *
 * <p>Each entry returns at once after a kick, which {@link Kicker#consume} must consume before the next.
 */
final class GuestEntry {

    private final Vcpu vcpu;
    private final Kicker kicker;
    private final VcpuTrace trace;
    private final Optional<InterruptWindow> window;
    private final Consumer<Exit> exits;
    private final RunRetries retries = new RunRetries();
    private GuestDebug debug = GuestDebug.OFF;
    private boolean accessIsOpen;
    private boolean accessIsKept;
    private boolean windowIsStale;
    private boolean halted;

    /** @param exits handles each exit that says something */
    GuestEntry(Vcpu vcpu, Kicker kicker, VcpuTrace trace, Optional<InterruptWindow> window, Consumer<Exit> exits) {
        this.vcpu = vcpu;
        this.kicker = kicker;
        this.trace = trace;
        this.window = window;
        this.exits = exits;
    }

    /** Whether the last exit was a port or memory access, which the next entry completes. */
    boolean accessIsOpen() {
        return accessIsOpen;
    }

    /** Whether that access must be completed before the guest is looked at. */
    boolean mustCompleteAccess() {
        return accessIsOpen && !accessIsKept;
    }

    /** The access that is open is not completed before the next entry. */
    void keepAccess() {
        accessIsKept = true;
    }

    /** Whether the guest's state was changed since the last exit, so that what it said of the window is out of date. */
    boolean windowIsStale() {
        return windowIsStale;
    }

    /** Whether the guest sleeps in an HLT that exited to user space. */
    boolean isHalted() {
        return halted;
    }

    void setHalted(boolean halted) {
        this.halted = halted;
    }

    void changedByHand() {
        windowIsStale = window.isPresent();
    }

    /** {@code KVM_INTERRUPT}, whatever the guest is doing; returns whether it had IF=1. */
    boolean interruptNow(int vector) {
        boolean open = vcpu.interruptFlag();
        if (window.isPresent()) {
            window.get().interruptNow(vector);
        } else {
            vcpu.interrupt(vector);
        }
        halted = false;
        return open;
    }

    void enter(GuestDebug wanted) {
        if (debug != wanted) {
            vcpu.setDebug(wanted);
            debug = wanted;
        }
        long since = kicker.enterGuest();
        Exit exit = vcpu.run();
        kicker.leaveGuest();
        trace.ran(since, exit);
        accessIsOpen = exit instanceof Exit.PortAccess || exit instanceof Exit.MemoryAccess;
        accessIsKept = false;
        windowIsStale = false;
        window.ifPresent(InterruptWindow::afterRun);
        if (exit instanceof Exit.Interrupted) {
            interrupted();
        } else if (exit instanceof Exit.Woken) {
            // a vCPU that waits to be started is woken by events such as an NMI, which it cannot take yet
            retries.pauseBeforeNext(Errno.EAGAIN, vcpu.mpState() != MpState.UNINITIALIZED);
        } else {
            retries.reset();
            exits.accept(exit);
        }
    }

    /** Without a kick it was another signal, or a host on which the call always fails so. */
    private void interrupted() {
        if (kicker.isPending()) {
            retries.reset();
        } else {
            retries.pauseBeforeNext(Errno.EINTR, true);
        }
    }

    /**
     * Completes an open access, so that RIP is behind it, and makes the kernel report again whether the window is open.
     */
    void settle() {
        kicker.exitAtEntry();
        enter(GuestDebug.OFF);
    }

    /** Lets the kernel look for interrupts to inject, without executing anything. */
    void exitBeforeFirstInstruction() {
        kicker.exitBeforeFirstInstruction();
        enter(GuestDebug.OFF);
    }
}
