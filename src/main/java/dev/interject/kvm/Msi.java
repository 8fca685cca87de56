package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_msi;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.linux.Failure;
import dev.interject.linux.Fd;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/** One message-signalled interrupt, to be sent by one thread at a time ({@code KVM_SIGNAL_MSI}). Allocates nothing. */
public final class Msi {

    private static final int NO_LAPIC = -1;

    private final Fd vm;
    private final MemorySegment message = Arena.ofAuto().allocate(kvm_msi.layout());

    Msi(Fd vm, MsiMessage content) {
        this.vm = vm;
        kvm_msi.address_lo(message, content.address());
        kvm_msi.data(message, content.data());
    }

    /**
     * Sends it.
     *
     * @return above 0: delivered to a LAPIC, also where one of its vector was pending already; 0: blocked, or no such
     *         destination, or an address outside the LAPICs'; -1: KVM looked at every LAPIC, and none was for it
     * @throws SystemCallException {@code KVM_SIGNAL_MSI: EINVAL …} without a LAPIC in the kernel
     */
    public int signal() {
        int result = vm.tryIoctl(KvmRequest.KVM_SIGNAL_MSI, message);
        return result >= 0 ? result : failed(result);
    }

    /** KVM hands its own "no LAPIC", which is -1, to the caller as if it were an errno, and that one is EPERM. */
    private static int failed(int result) {
        if (result != -Errno.EPERM) {
            throw Failure.of(KvmRequest.KVM_SIGNAL_MSI.name(), -result);
        }
        return NO_LAPIC;
    }
}
