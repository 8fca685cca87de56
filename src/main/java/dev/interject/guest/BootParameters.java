package dev.interject.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.interject.interrupt.Trigger;
import dev.interject.kvm.state.CpuidEntry;

/**
 * The parameters that a built-in guest reads when it boots, from CPUID leaves in a range next to KVM's.
 *
 * @param lines       the lines that the guest opens at its 8259s or IOAPIC; it ignores those above 23
 * @param trigger     how these lines are triggered
 * @param destination the APIC ID to which the IOAPIC sends them, 0–255
 * @param vcpus       the number of vCPUs, 1 to {@link MemoryMap#MOST_VCPUS}
 */
public record BootParameters(Set<Integer> lines, Trigger trigger, int destination, int vcpus) {

    /** The base of the range: a hypervisor uses 0x40000000 plus a multiple of 0x100, and KVM uses 0x40000000. */
    static final int BASE_LEAF = 0x40000100;
    static final int PARAMETERS_LEAF = BASE_LEAF + 1;

    /** "InterjectVMM", four bytes per register. */
    static final int SIGNATURE_EBX = 0x65746e49;
    static final int SIGNATURE_ECX = 0x63656a72;
    static final int SIGNATURE_EDX = 0x4d4d5674;

    private static final int LARGEST_APIC_ID = 255;
    private static final int LINES = 24;
    private static final int LEVEL = 1;
    private static final int EDGE = 0;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public BootParameters {
        lines = Set.copyOf(lines);
        Objects.requireNonNull(trigger, "trigger");
        if (lines.stream().anyMatch(line -> line < 0)) {
            throw new IllegalArgumentException("lines must be 0 or above, not " + lines);
        }
        if (destination < 0 || destination > LARGEST_APIC_ID) {
            throw new IllegalArgumentException(
                    "destination must be 0 to %d, not %d".formatted(LARGEST_APIC_ID, destination));
        }
        if (vcpus < 1 || vcpus > MemoryMap.MOST_VCPUS) {
            throw new IllegalArgumentException(
                    "vcpus must be 1 to %d, not %d".formatted(MemoryMap.MOST_VCPUS, vcpus));
        }
    }

    /** The parameters of a guest with one vCPU. */
    public static BootParameters lines(Set<Integer> lines, Trigger trigger) {
        return new BootParameters(lines, trigger, 0, 1);
    }

    /** The leaves that the host supports, followed by the leaves with the parameters. */
    public List<CpuidEntry> addTo(List<CpuidEntry> supported) {
        List<CpuidEntry> leaves = new ArrayList<>(supported);
        leaves.add(CpuidEntry.leaf(BASE_LEAF, PARAMETERS_LEAF, SIGNATURE_EBX, SIGNATURE_ECX, SIGNATURE_EDX));
        leaves.add(CpuidEntry.leaf(PARAMETERS_LEAF, lineBits(), trigger == Trigger.LEVEL ? LEVEL : EDGE, destination,
                vcpus));
        return leaves;
    }

    private int lineBits() {
        return lines.stream()
                .filter(line -> line < LINES)
                .mapToInt(line -> 1 << line)
                .reduce(0, (bits, bit) -> bits | bit);
    }
}
