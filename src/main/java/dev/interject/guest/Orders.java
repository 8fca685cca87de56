package dev.interject.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import dev.interject.interrupt.Trigger;
import dev.interject.kvm.CpuidEntry;

/**
 * What a guest is told before it runs. It asks by CPUID, in a leaf range of our own next to KVM's.
 *
 * @param line    the one line to open, at the 8259s or the IOAPIC, or empty for none
 * @param trigger how that line is triggered
 */
public record Orders(OptionalInt line, Trigger trigger) {

    /** The range's base: hypervisors may use any multiple of 0x100 from 0x40000000 on, and KVM's own is the first. */
    static final int BASE_LEAF = 0x40000100;

    static final int ORDERS_LEAF = BASE_LEAF + 1;

    /** "InterjectVMM", four bytes a register. */
    static final int SIGNATURE_EBX = 0x65746e49;
    static final int SIGNATURE_ECX = 0x63656a72;
    static final int SIGNATURE_EDX = 0x4d4d5674;

    static final int NO_LINE = -1;
    private static final int LEVEL = 1;
    private static final int EDGE = 0;

    /** The host's own leaves, and ours behind them. */
    public List<CpuidEntry> addTo(List<CpuidEntry> supported) {
        List<CpuidEntry> leaves = new ArrayList<>(supported);
        leaves.add(CpuidEntry.leaf(BASE_LEAF, ORDERS_LEAF, SIGNATURE_EBX, SIGNATURE_ECX, SIGNATURE_EDX));
        leaves.add(CpuidEntry.leaf(ORDERS_LEAF, line.orElse(NO_LINE), trigger == Trigger.LEVEL ? LEVEL : EDGE, 0, 0));
        return leaves;
    }
}
