package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_msi;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.linux.Failure;
import dev.interject.linux.Fd;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/** A message-signalled interrupt, sent by one thread at a time ({@code KVM_SIGNAL_MSI}, api.rst 4.70). */
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
     * Sends the message.
     *
     * @return above 0: delivered to a LAPIC, also where its vector was already pending; 0: blocked, or no such
     *         destination, or an address outside the LAPICs' range; -1: KVM searched all LAPICs, and none matched
     * @throws SystemCallException   {@code KVM_SIGNAL_MSI: EINVAL …} without a LAPIC in the kernel
     * @throws IllegalStateException after the VM was closed
     */
    public int signal() {
        int result = vm.tryIoctl(KvmRequest.KVM_SIGNAL_MSI, message);
        return result >= 0 ? result : failed(result);
    }

    /** KVM returns its internal "no LAPIC", -1, as if it were an errno, and errno 1 is EPERM. */
    private static int failed(int result) {
        if (result != -Errno.EPERM) {
            throw Failure.of(KvmRequest.KVM_SIGNAL_MSI.name(), -result);
        }
        return NO_LAPIC;
    }
}
