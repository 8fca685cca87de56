package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.interject.bindings.kvm_cpuid2;
import dev.interject.bindings.kvm_cpuid_entry2;

/**
 * One CPUID leaf as a guest sees it ({@code struct kvm_cpuid_entry2}).
 *
 * @param function the leaf: EAX at the CPUID instruction
 * @param index    the subleaf: ECX at the CPUID instruction, where {@code flags} says that it matters
 * @param flags    {@code KVM_CPUID_FLAG_*}
 * @param eax      what the guest finds in EAX; {@code ebx}, {@code ecx} and {@code edx} alike
 */
public record CpuidEntry(int function, int index, int flags, int eax, int ebx, int ecx, int edx) {

    /** A leaf without subleaves. */
    public static CpuidEntry leaf(int function, int eax, int ebx, int ecx, int edx) {
        return new CpuidEntry(function, 0, 0, eax, ebx, ecx, edx);
    }

    static MemorySegment allocateTable(Arena arena, int entries) {
        long bytes = kvm_cpuid2.entries$offset() + entries * kvm_cpuid_entry2.layout().byteSize();
        MemorySegment table = arena.allocate(bytes, kvm_cpuid2.layout().byteAlignment());
        kvm_cpuid2.nent(table, entries);
        return table;
    }

    static CpuidEntry read(MemorySegment entry) {
        return new CpuidEntry(kvm_cpuid_entry2.function(entry), kvm_cpuid_entry2.index(entry),
                kvm_cpuid_entry2.flags(entry), kvm_cpuid_entry2.eax(entry), kvm_cpuid_entry2.ebx(entry),
                kvm_cpuid_entry2.ecx(entry), kvm_cpuid_entry2.edx(entry));
    }

    void write(MemorySegment entry) {
        kvm_cpuid_entry2.function(entry, function);
        kvm_cpuid_entry2.index(entry, index);
        kvm_cpuid_entry2.flags(entry, flags);
        kvm_cpuid_entry2.eax(entry, eax);
        kvm_cpuid_entry2.ebx(entry, ebx);
        kvm_cpuid_entry2.ecx(entry, ecx);
        kvm_cpuid_entry2.edx(entry, edx);
    }
}
