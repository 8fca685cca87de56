package dev.interject.machine;

import java.util.List;

import dev.interject.kvm.state.CpuidEntry;

/** The CPUID leaves that differ between vCPUs, or from what the host supports. */
final class CpuidTable {

    // Leaves (Intel SDM vol. 2, "CPUID"; AMD APM vol. 3, appendix E)
    private static final int FEATURES = 1;
    private static final int TOPOLOGY = 0xb;
    private static final int TOPOLOGY_V2 = 0x1f;
    private static final int AMD_TOPOLOGY = 0x8000001e;

    private static final int APIC_ID_SHIFT = 24;
    private static final int BELOW_APIC_ID = (1 << APIC_ID_SHIFT) - 1;
    private static final int TSC_DEADLINE = 1 << 24;

    private static final int ADDRESS_SIZES = 0x80000008;
    private static final int LEAST_PHYSICAL_BITS = 36;
    private static final int LOW_BYTE = 0xff;

    private CpuidTable() {}

    /** The width of a physical address, MAXPHYADDR; 36 where the table does not say (Intel SDM vol. 3A, 4.1.4). */
    static int physicalBits(List<CpuidEntry> leaves) {
        return leaves.stream()
                .filter(leaf -> leaf.function() == ADDRESS_SIZES)
                .mapToInt(leaf -> leaf.eax() & LOW_BYTE)
                .findFirst()
                .orElse(LEAST_PHYSICAL_BITS);
    }

    /** The host's table, with the TSC deadline mode of KVM's LAPIC, which that table never has (api.rst, 4.46). */
    static List<CpuidEntry> withTscDeadline(List<CpuidEntry> supported) {
        return supported.stream()
                .map(entry -> entry.function() != FEATURES ? entry
                        : new CpuidEntry(entry.function(), entry.index(), entry.flags(), entry.eax(), entry.ebx(),
                                entry.ecx() | TSC_DEADLINE, entry.edx()))
                .toList();
    }

    /**
     * The leaves for the vCPU with this APIC ID. The host's own table carries the ID of the CPU that answered.
     */
    static List<CpuidEntry> of(List<CpuidEntry> supported, int apicId) {
        return supported.stream().map(entry -> switch (entry.function()) {
            case FEATURES -> new CpuidEntry(entry.function(), entry.index(), entry.flags(), entry.eax(),
                    entry.ebx() & BELOW_APIC_ID | apicId << APIC_ID_SHIFT,
                    entry.ecx(), entry.edx());
            case TOPOLOGY, TOPOLOGY_V2 -> new CpuidEntry(entry.function(), entry.index(), entry.flags(), entry.eax(),
                    entry.ebx(), entry.ecx(), apicId);
            case AMD_TOPOLOGY -> new CpuidEntry(entry.function(), entry.index(), entry.flags(), apicId, entry.ebx(),
                    entry.ecx(), entry.edx());
            default -> entry;
        }).toList();
    }
}
