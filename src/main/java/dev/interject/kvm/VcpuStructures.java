package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.kvm.structure.KvmCpuid;
import dev.interject.linux.Fd;
import dev.interject.linux.error.SystemCallException;

/**
 * A vCPU's state in KVM's own structures: what is read can be written to another vCPU, unchanged. The threads that may
 * call it are those of {@link Vcpu}. Not for the hot path.
 */
public final class VcpuStructures {

    /** Room for the leaves of {@code KVM_GET_CPUID2}. */
    private static final int CPUID_ENTRIES = 256;
    /** Stricter than any structure's. */
    private static final long ALIGNMENT = 64;

    private final Fd vcpu;

    VcpuStructures(Fd vcpu) {
        this.vcpu = vcpu;
    }

    /**
     * Reads a structure.
     *
     * @param  bytes               its size, {@link VcpuStructure#bytes} or more
     * @throws SystemCallException {@code KVM_GET_…: …}
     */
    public byte[] read(VcpuStructure structure, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(bytes, ALIGNMENT);
            vcpu.ioctl(structure.get(), segment);
            return segment.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /**
     * Writes a structure.
     *
     * @throws SystemCallException      {@code KVM_SET_…: …}
     * @throws IllegalArgumentException if the bytes are too few
     */
    public void write(VcpuStructure structure, byte[] content) {
        if (content.length < structure.bytes()) {
            throw new IllegalArgumentException(
                    "%s takes %d bytes, not %d".formatted(structure.setter(), structure.bytes(), content.length));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(content.length, ALIGNMENT);
            MemorySegment.copy(content, 0, segment, ValueLayout.JAVA_BYTE, 0, content.length);
            vcpu.ioctl(structure.set(), segment);
        }
    }

    /** The model-specific registers. */
    public ModelSpecificRegisters msrs() {
        return new ModelSpecificRegisters(vcpu);
    }

    /**
     * {@code KVM_GET_CPUID2}: the leaves that the guest sees, as a {@code struct kvm_cpuid2}.
     *
     * @throws SystemCallException {@code KVM_GET_CPUID2: …}
     */
    public byte[] cpuid() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = KvmCpuid.allocate(arena, CPUID_ENTRIES);
            vcpu.ioctl(KvmRequest.KVM_GET_CPUID2, table);
            return table.asSlice(0, KvmCpuid.bytes(table)).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /**
     * {@code KVM_SET_CPUID2}. Before the vCPU first runs.
     *
     * @throws SystemCallException      {@code KVM_SET_CPUID2: …}
     * @throws IllegalArgumentException if the bytes are not a {@code struct kvm_cpuid2}
     */
    public void setCpuid(byte[] content) {
        try (Arena arena = Arena.ofConfined()) {
            vcpu.ioctl(KvmRequest.KVM_SET_CPUID2, KvmCpuid.of(arena, content));
        }
    }
}
