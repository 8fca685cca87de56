package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.interject.bindings.kvm_msr_entry;
import dev.interject.bindings.kvm_msrs;
import dev.interject.linux.Fd;
import dev.interject.linux.error.SystemCallException;

/**
 * A vCPU's model-specific registers ({@code KVM_GET_MSRS}, {@code KVM_SET_MSRS}). A number is that of Intel SDM vol. 4,
 * of the AMD manual, or of KVM's own. The threads that may call it are those of {@link Vcpu}.
 */
public final class ModelSpecificRegisters {

    private final Fd vcpu;

    ModelSpecificRegisters(Fd vcpu) {
        this.vcpu = vcpu;
    }

    /**
     * {@code KVM_GET_MSRS} of those that this KVM reports; it reports fewer than {@link Kvm#msrNumbers} lists, since
     * that does not look at the guest's CPUID.
     *
     * @throws SystemCallException {@code KVM_GET_MSRS: …}
     */
    public SortedMap<Integer, Long> read(Collection<Integer> numbers) {
        SortedMap<Integer, Long> values = new TreeMap<>(Integer::compareUnsigned);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = one(arena);
            for (int number : numbers) { // of several, KVM reads none after the first that it refuses
                kvm_msr_entry.index(entry(one), number);
                if (vcpu.ioctl(KvmRequest.KVM_GET_MSRS, one) == 1) {
                    values.put(number, kvm_msr_entry.data(entry(one)));
                }
            }
        }
        return values;
    }

    /**
     * {@code KVM_SET_MSRS}, one after the other.
     *
     * @return                     the numbers of those that KVM refused, and that have another value
     * @throws SystemCallException {@code KVM_SET_MSRS: …}
     */
    public Set<Integer> write(Map<Integer, Long> values) {
        Set<Integer> refused = new TreeSet<>(Integer::compareUnsigned);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = one(arena);
            values.forEach((number, value) -> {
                kvm_msr_entry.index(entry(one), number);
                kvm_msr_entry.data(entry(one), value);
                if (vcpu.ioctl(KvmRequest.KVM_SET_MSRS, one) != 1) {
                    refused.add(number);
                }
            });
        }
        SortedMap<Integer, Long> left = read(refused);
        refused.removeIf(number -> values.get(number).equals(left.get(number))); // it is read-only
        return refused;
    }

    private static MemorySegment one(Arena arena) {
        MemorySegment one = arena.allocate(kvm_msrs.entries$offset() + kvm_msr_entry.sizeof(),
                kvm_msrs.layout().byteAlignment());
        kvm_msrs.nmsrs(one, 1);
        return one;
    }

    private static MemorySegment entry(MemorySegment one) {
        return one.asSlice(kvm_msrs.entries$offset());
    }
}
