package dev.interject.kvm.structure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

import dev.interject.bindings.kvm_cpuid2;
import dev.interject.bindings.kvm_cpuid_entry2;
import dev.interject.kvm.state.CpuidEntry;

/** Reads and writes {@code struct kvm_cpuid2}, a table of CPUID leaves. */
public final class KvmCpuid {

    private KvmCpuid() {}

    /** An empty table with room for this many leaves; the kernel fills it and corrects the number. */
    public static MemorySegment allocate(Arena arena, int entries) {
        long bytes = kvm_cpuid2.entries$offset() + entries * kvm_cpuid_entry2.layout().byteSize();
        MemorySegment table = arena.allocate(bytes, kvm_cpuid2.layout().byteAlignment());
        kvm_cpuid2.nent(table, entries);
        return table;
    }

    /** A table of these leaves. */
    public static MemorySegment of(Arena arena, List<CpuidEntry> leaves) {
        MemorySegment table = allocate(arena, leaves.size());
        for (int i = 0; i < leaves.size(); i++) {
            write(leaves.get(i), entry(table, i));
        }
        return table;
    }

    /** A table as another program got it from the kernel; throws {@link IllegalArgumentException} if it is none. */
    public static MemorySegment of(Arena arena, byte[] content) {
        MemorySegment table = arena.allocate(Math.max(content.length, kvm_cpuid2.entries$offset()),
                kvm_cpuid2.layout().byteAlignment());
        MemorySegment.copy(content, 0, table, ValueLayout.JAVA_BYTE, 0, content.length);
        if (content.length != bytes(table)) {
            throw new IllegalArgumentException("struct kvm_cpuid2 has %d bytes, not %d".formatted(bytes(table),
                    content.length));
        }
        return table;
    }

    /** The size of a table with its leaves, in bytes. */
    public static long bytes(MemorySegment table) {
        return kvm_cpuid2.entries$offset()
                + Integer.toUnsignedLong(kvm_cpuid2.nent(table)) * kvm_cpuid_entry2.layout().byteSize();
    }

    /** The leaves of a table. */
    public static List<CpuidEntry> read(MemorySegment table) {
        return IntStream.range(0, kvm_cpuid2.nent(table)).mapToObj(i -> readEntry(entry(table, i))).toList();
    }

    private static MemorySegment entry(MemorySegment table, int index) {
        return kvm_cpuid_entry2.asSlice(table.asSlice(kvm_cpuid2.entries$offset()), index);
    }

    private static CpuidEntry readEntry(MemorySegment entry) {
        return new CpuidEntry(kvm_cpuid_entry2.function(entry), kvm_cpuid_entry2.index(entry),
                kvm_cpuid_entry2.flags(entry), kvm_cpuid_entry2.eax(entry), kvm_cpuid_entry2.ebx(entry),
                kvm_cpuid_entry2.ecx(entry), kvm_cpuid_entry2.edx(entry));
    }

    private static void write(CpuidEntry leaf, MemorySegment entry) {
        kvm_cpuid_entry2.function(entry, leaf.function());
        kvm_cpuid_entry2.index(entry, leaf.index());
        kvm_cpuid_entry2.flags(entry, leaf.flags());
        kvm_cpuid_entry2.eax(entry, leaf.eax());
        kvm_cpuid_entry2.ebx(entry, leaf.ebx());
        kvm_cpuid_entry2.ecx(entry, leaf.ecx());
        kvm_cpuid_entry2.edx(entry, leaf.edx());
    }
}
