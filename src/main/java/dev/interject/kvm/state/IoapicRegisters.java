package dev.interject.kvm.state;

import java.util.List;

import dev.interject.bindings.NativeHeaders;

/**
 * What the kernel keeps of its IOAPIC ({@code struct kvm_ioapic_state}).
 *
 * @param irr     the pins that ask, pin n in bit n
 * @param entries the redirection table: the 64 bits of each pin's entry
 */
public record IoapicRegisters(int irr, List<Long> entries) {

    /** How many pins the in-kernel IOAPIC has; GSIs run from 0 to one less. */
    public static final int PINS = NativeHeaders.KVM_IOAPIC_NUM_PINS();

    public IoapicRegisters {
        entries = List.copyOf(entries);
    }
}
