package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_msr_list;
import dev.interject.kvm.state.CpuidEntry;
import dev.interject.kvm.structure.KvmCpuid;
import dev.interject.linux.Fd;
import dev.interject.linux.error.SystemCallException;

/** The open {@code /dev/kvm}: reports what this host's KVM supports and creates VMs (api.rst, "system ioctls"). */
public final class Kvm implements AutoCloseable {

    /** The device's path. */
    public static final String DEVICE = "/dev/kvm";

    /** The API version of every kernel since 2.6.22; api.rst says to refuse any other. */
    public static final int STABLE_API_VERSION = NativeHeaders.KVM_API_VERSION();

    /** Machine type 0: the default kind of VM. */
    private static final long DEFAULT_MACHINE_TYPE = 0;

    /** Room for the leaves of KVM_GET_SUPPORTED_CPUID; a host with more answers E2BIG. */
    private static final int CPUID_ENTRIES = 256;

    /** Room for the numbers of KVM_GET_MSR_INDEX_LIST; a host with more answers E2BIG. */
    private static final int MSRS = 1024;

    private final Fd fd;
    /** They stay the same. */
    private volatile List<Integer> msrNumbers;

    Kvm(Fd fd) {
        this.fd = fd;
    }

    /**
     * Opens {@code /dev/kvm}. The file's mode does not show whether this succeeds: a container may contain the device
     * and still forbid opening it.
     *
     * @throws SystemCallException {@code open /dev/kvm: …}
     */
    public static Kvm open() {
        return new Kvm(Fd.openReadWrite(DEVICE));
    }

    /**
     * Checks that this KVM has the API version and the capabilities that every run needs.
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

    /**
     * Checks that this KVM has a capability.
     *
     * @throws UnsupportedKvmException that names it if it is missing
     */
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
     * @return 0 if the capability is missing, otherwise 1 or a number that the capability defines
     */
    public int check(Capability capability) {
        return fd.ioctl(KvmRequest.KVM_CHECK_EXTENSION, capability.number());
    }

    /** Whether a vCPU can be debugged with interrupts blocked ({@code KVM_GUESTDBG_BLOCKIRQ}). */
    public boolean canBlockInterrupts() {
        return (check(Capability.KVM_CAP_SET_GUEST_DEBUG2) & NativeHeaders.KVM_GUESTDBG_BLOCKIRQ()) != 0;
    }

    /**
     * {@code KVM_GET_SUPPORTED_CPUID}: the leaves that this host can offer its guests.
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
     * {@code KVM_GET_MSR_INDEX_LIST}: the numbers of the model-specific registers that may have to be saved.
     *
     * @throws SystemCallException with the ioctl's name
     */
    public List<Integer> msrNumbers() {
        if (msrNumbers == null) {
            msrNumbers = readMsrNumbers();
        }
        return msrNumbers;
    }

    private List<Integer> readMsrNumbers() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(kvm_msr_list.indices$offset() + (long) MSRS * Integer.BYTES,
                    kvm_msr_list.layout().byteAlignment());
            kvm_msr_list.nmsrs(list, MSRS);
            fd.ioctl(KvmRequest.KVM_GET_MSR_INDEX_LIST, list);
            return IntStream.range(0, kvm_msr_list.nmsrs(list))
                    .mapToObj(i -> list.get(ValueLayout.JAVA_INT, kvm_msr_list.indices$offset() + (long) i
                            * Integer.BYTES))
                    .toList();
        }
    }

    /**
     * {@code KVM_CREATE_VM}. A signal to the JVM may interrupt it; it is then repeated, a limited number of times.
     *
     * @throws SystemCallException with the ioctl's name
     */
    public VirtualMachine createVirtualMachine() {
        int vcpuMapBytes = fd.ioctl(KvmRequest.KVM_GET_VCPU_MMAP_SIZE, 0);
        int vm = fd.ioctlDespiteSignals(KvmRequest.KVM_CREATE_VM, DEFAULT_MACHINE_TYPE);
        return new VirtualMachine(Fd.own(vm, "VM"), vcpuMapBytes);
    }

    /** Closes the descriptor; VMs made from it stay open. A second call does nothing. */
    @Override
    public void close() {
        fd.close();
    }
}
