package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
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

    /** KVM takes fewer than 256 ({@code MAX_IO_MSRS}). */
    private static final int MOST_AT_ONCE = 128;

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
        List<Integer> all = List.copyOf(numbers);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = table(arena);
            int next = 0;
            while (next < all.size()) {
                int count = Math.min(all.size() - next, MOST_AT_ONCE);
                for (int i = 0; i < count; i++) {
                    kvm_msr_entry.index(entry(table, i), all.get(next + i));
                }
                int read = call(KvmRequest.KVM_GET_MSRS, table, count);
                for (int i = 0; i < read; i++) {
                    values.put(all.get(next + i), kvm_msr_entry.data(entry(table, i)));
                }
                next += read < count ? read + 1 : read; // without the one that was refused
            }
        }
        return values;
    }

    /**
     * {@code KVM_SET_MSRS}, one after the other, in the map's order.
     *
     * @return                     the numbers of those that KVM refused, and that have another value
     * @throws SystemCallException {@code KVM_SET_MSRS: …}
     */
    public Set<Integer> write(Map<Integer, Long> values) {
        Set<Integer> refused = new TreeSet<>(Integer::compareUnsigned);
        try (Arena arena = Arena.ofConfined()) {
            List<Map.Entry<Integer, Long>> all = List.copyOf(values.entrySet());
            MemorySegment table = table(arena);
            int next = 0;
            while (next < all.size()) {
                int count = Math.min(all.size() - next, MOST_AT_ONCE);
                for (int i = 0; i < count; i++) {
                    kvm_msr_entry.index(entry(table, i), all.get(next + i).getKey());
                    kvm_msr_entry.data(entry(table, i), all.get(next + i).getValue());
                }
                int written = call(KvmRequest.KVM_SET_MSRS, table, count);
                next += written;
                if (written < count) {
                    refused.add(all.get(next++).getKey());
                }
            }
        }
        if (refused.isEmpty()) {
            return refused;
        }
        SortedMap<Integer, Long> left = read(refused);
        refused.removeIf(number -> values.get(number).equals(left.get(number))); // it is read-only
        return refused;
    }

    /** Returns how many the kernel handled: none after the first that it refuses. */
    private int call(KvmRequest request, MemorySegment table, int count) {
        kvm_msrs.nmsrs(table, count);
        return vcpu.ioctl(request, table);
    }

    private static MemorySegment table(Arena arena) {
        return arena.allocate(kvm_msrs.entries$offset() + MOST_AT_ONCE * kvm_msr_entry.sizeof(),
                kvm_msrs.layout().byteAlignment());
    }

    private static MemorySegment entry(MemorySegment table, int number) {
        return table.asSlice(kvm_msrs.entries$offset() + number * kvm_msr_entry.sizeof());
    }
}
