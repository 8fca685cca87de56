package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

import dev.interject.bindings.NativeHeaders;
import dev.interject.kvm.state.CpuidEntry;
import dev.interject.kvm.structure.KvmCpuid;
import dev.interject.linux.Failure;
import dev.interject.linux.Fd;
import dev.interject.linux.error.Errno;
import dev.interject.linux.error.SystemCallException;

/** The open {@code /dev/kvm}: what this host's KVM can do, and the maker of VMs (api.rst, "system ioctls"). */
public final class Kvm implements AutoCloseable {

    public static final String DEVICE = "/dev/kvm";

    /** The API version that every kernel since 2.6.22 reports; api.rst says to refuse any other. */
    public static final int STABLE_API_VERSION = NativeHeaders.KVM_API_VERSION();

    /** Machine type 0: the default kind of VM. */
    private static final long DEFAULT_MACHINE_TYPE = 0;

    /** Room for the leaves of KVM_GET_SUPPORTED_CPUID; E2BIG would tell that a host has more. */
    private static final int CPUID_ENTRIES = 256;

    private final Fd fd;

    Kvm(Fd fd) {
        this.fd = fd;
    }

    /**
     * Opens {@code /dev/kvm}. Looking at the file's mode is no substitute: a container may show the device and yet not
     * let it be opened.
     *
     * @throws SystemCallException {@code open /dev/kvm: …}
     */
    public static Kvm open() {
        return new Kvm(Fd.openReadWrite(DEVICE));
    }

    /**
     * Checks that this KVM has what every run needs.
     *
     * @throws UnsupportedKvmException that names what is missing
     */
    public void requireWhatRunsNeed() {
        int version = apiVersion();
        if (version != STABLE_API_VERSION) {
            throw new UnsupportedKvmException(
                    "KVM_GET_API_VERSION is %d, not %d".formatted(version, STABLE_API_VERSION));
        }
        for (Capability capability : Capability.values()) {
            if (capability.required()) {
                require(capability);
            }
        }
    }

    /** @throws UnsupportedKvmException where this KVM lacks the capability */
    public void require(Capability capability) {
        if (check(capability) == 0) {
            throw new UnsupportedKvmException("this KVM lacks %s (%s)".formatted(capability, capability.meaning()));
        }
    }

    /** {@code KVM_GET_API_VERSION}. */
    public int apiVersion() {
        return fd.ioctl(KvmRequest.KVM_GET_API_VERSION, 0);
    }

    /**
     * {@code KVM_CHECK_EXTENSION}.
     *
     * @return 0 if the capability is missing; 1, or a number that means something to the capability, if it is there
     */
    public int check(Capability capability) {
        return fd.ioctl(KvmRequest.KVM_CHECK_EXTENSION, capability.number());
    }

    /**
     * {@code KVM_GET_SUPPORTED_CPUID}: the leaves that this host offers its guests.
     *
     * @throws SystemCallException with the ioctl's name
     */
    public List<CpuidEntry> supportedCpuid() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = KvmCpuid.allocate(arena, CPUID_ENTRIES);
            fd.ioctl(KvmRequest.KVM_GET_SUPPORTED_CPUID, table);
            return KvmCpuid.read(table);
        }
    }

    /**
     * {@code KVM_CREATE_VM}.
     *
     * @throws SystemCallException with the ioctl's name
     */
    public VirtualMachine createVirtualMachine() {
        int vcpuMapBytes = fd.ioctl(KvmRequest.KVM_GET_VCPU_MMAP_SIZE, 0);
        while (true) {
            int vm = fd.tryIoctl(KvmRequest.KVM_CREATE_VM, MemorySegment.ofAddress(DEFAULT_MACHINE_TYPE));
            if (vm >= 0) {
                return new VirtualMachine(Fd.own(vm), vcpuMapBytes);
            }
            if (vm != -Errno.EINTR) { // a signal to the JVM may come between; every VMM tries again
                throw Failure.of(KvmRequest.KVM_CREATE_VM.name(), -vm);
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
