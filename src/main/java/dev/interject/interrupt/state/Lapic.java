package dev.interject.interrupt.state;

import dev.interject.kvm.state.LapicRegisters;

/**
 * What decides whether a destination names a LAPIC.
 *
 * @param vcpu      the number of its vCPU
 * @param registers its registers
 * @param base      its vCPU's IA32_APIC_BASE
 */
public record Lapic(int vcpu, LapicRegisters registers, long base) {

    private static final long BASE_X2APIC = 1 << 10;
    private static final long BASE_ENABLED = 1 << 11;

    /** Whether IA32_APIC_BASE enables it; otherwise it takes part in nothing. */
    public boolean isOn() {
        return (base & BASE_ENABLED) != 0;
    }

    /** Whether it is in x2APIC mode, where its IDs have 32 bits and no guest can change them. */
    public boolean isX2apic() {
        return (base & BASE_X2APIC) != 0;
    }

    /** Whether it accepts fixed interrupts: it is on, and its SVR enables it. */
    public boolean isEnabled() {
        return isOn() && registers.isSoftwareEnabled();
    }

    /** Its APIC ID: 8 bits, which the guest can change, or 32 bits in x2APIC mode. */
    public int id() {
        return isX2apic() ? x2apicId() : registers.id();
    }

    /**
     * From the LDR, which is derived from it (Intel SDM vol. 3, "Deriving Logical x2APIC ID from the Local x2APIC ID"):
     * KVM shows the ID register in one of two formats.
     */
    private int x2apicId() {
        int cluster = registers.logicalDestination() >>> 16;
        return cluster << 4 | Integer.numberOfTrailingZeros(registers.logicalDestination()) & 0xf;
    }

    /** Its logical ID: 8 bits, or 32 bits in x2APIC mode. */
    public int logicalId() {
        return isX2apic() ? registers.logicalDestination() : registers.logicalDestination() >>> 24;
    }

    /** As text, such as "APIC ID 1, LDR 0x02000000, DFR 0xffffffff". */
    @Override
    public String toString() {
        return "APIC ID %s, %s".formatted(Integer.toUnsignedString(id()), logicalModel());
    }

    /** The registers that decide about logical destinations, as text. */
    public String logicalModel() {
        return isX2apic() ? "LDR 0x%08x (x2APIC)".formatted(registers.logicalDestination())
                : "LDR 0x%08x, DFR 0x%08x".formatted(registers.logicalDestination(), registers.destinationFormat());
    }
}
