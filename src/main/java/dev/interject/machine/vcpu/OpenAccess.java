package dev.interject.machine.vcpu;

import dev.interject.kvm.state.GuestDebug;

/**
 * A port or memory access that has left the guest, and that KVM completes when the vCPU enters it again. For the vCPU's
 * thread.
 */
public final class OpenAccess {

    private final GuestEntry entry;

    OpenAccess(GuestEntry entry) {
        this.entry = entry;
    }

    /**
     * Has a guest that is held before such an access execute it, and keeps the access open as long as the vCPU does not
     * enter the guest again.
     *
     * @return whether it is open; a kick can end the entry before
     */
    public boolean open() {
        entry.enter(GuestDebug.OFF);
        entry.keepAccess();
        return isOpen();
    }

    /** Whether one is open. */
    public boolean isOpen() {
        return entry.accessIsOpen();
    }

    /** Completes it, and executes nothing more ({@code KVM_RUN} with {@code immediate_exit}). */
    public void complete() {
        entry.settle();
    }
}
