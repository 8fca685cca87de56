package dev.interject.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.interject.interrupt.Trigger;
import dev.interject.kvm.state.CpuidEntry;

/**
 * What a guest is told before it runs. It asks by CPUID, in a leaf range of our own next to KVM's.
 *
 * @param lines       those to open, at the 8259s or the IOAPIC; others than 0–23 cannot be
 * @param trigger     how these lines are triggered
 * @param destination the APIC ID to which the IOAPIC is to send them
 * @param vcpus       how many vCPUs there are
 */
public record BootParameters(Set<Integer> lines, Trigger trigger, int destination, int vcpus) {

    /** The range's base: hypervisors may use any multiple of 0x100 from 0x40000000 on, and KVM's own is the first. */
    static final int BASE_LEAF = 0x40000100;
    static final int ORDERS_LEAF = BASE_LEAF + 1;

    /** "InterjectVMM", four bytes a register. */
    static final int SIGNATURE_EBX = 0x65746e49;
    static final int SIGNATURE_ECX = 0x63656a72;
    static final int SIGNATURE_EDX = 0x4d4d5674;

    private static final int LINES = 24;
    private static final int LEVEL = 1;
    private static final int EDGE = 0;

    public BootParameters {
        lines = Set.copyOf(lines);
    }

    /** Lines for the one vCPU there is. */
    public static BootParameters lines(Set<Integer> lines, Trigger trigger) {
        return new BootParameters(lines, trigger, 0, 1);
    }

    /** The host's own leaves, and ours behind them. */
    public List<CpuidEntry> addTo(List<CpuidEntry> supported) {
        List<CpuidEntry> leaves = new ArrayList<>(supported);
        leaves.add(CpuidEntry.leaf(BASE_LEAF, ORDERS_LEAF, SIGNATURE_EBX, SIGNATURE_ECX, SIGNATURE_EDX));
        leaves.add(
                CpuidEntry.leaf(ORDERS_LEAF, lineBits(), trigger == Trigger.LEVEL ? LEVEL : EDGE, destination, vcpus));
        return leaves;
    }

    private int lineBits() {
        return lines.stream()
                .filter(line -> line < LINES)
                .mapToInt(line -> 1 << line)
                .reduce(0, (bits, bit) -> bits | bit);
    }
}
