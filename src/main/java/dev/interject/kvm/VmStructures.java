package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.interject.bindings.kvm_clock_data;
import dev.interject.linux.Fd;
import dev.interject.linux.error.SystemCallException;

/** A VM's state in KVM's own structures: what is read can be written to another VM, unchanged. From any thread. */
public final class VmStructures {

    private static final long ALIGNMENT = 64;

    private final Fd vm;

    VmStructures(Fd vm) {
        this.vm = vm;
    }

    /**
     * Reads a structure.
     *
     * @throws SystemCallException {@code KVM_GET_…: …}; ENXIO or ENOENT if the VM has no such part
     */
    public byte[] read(VmStructure structure) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(structure.bytes(), ALIGNMENT);
            segment.set(ValueLayout.JAVA_INT, 0, structure.chip());
            vm.ioctl(structure.get(), segment);
            if (structure == VmStructure.CLOCK) {
                kvm_clock_data.flags(segment, 0); // what it reports, not what is to be set
            }
            return segment.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /**
     * Writes a structure.
     *
     * @throws SystemCallException      {@code KVM_SET_…: …}
     * @throws IllegalArgumentException if its size is not that of the structure
     */
    public void write(VmStructure structure, byte[] content) {
        if (content.length != structure.bytes()) {
            throw new IllegalArgumentException(
                    "%s takes %d bytes, not %d".formatted(structure.setter(), structure.bytes(), content.length));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(content.length, ALIGNMENT);
            MemorySegment.copy(content, 0, segment, ValueLayout.JAVA_BYTE, 0, content.length);
            vm.ioctl(structure.set(), segment);
        }
    }
}
