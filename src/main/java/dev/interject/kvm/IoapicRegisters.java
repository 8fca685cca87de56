package dev.interject.kvm;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.interject.bindings.kvm_ioapic_state;

/**
 * What the kernel keeps of its IOAPIC ({@code struct kvm_ioapic_state}).
 *
 * @param irr     the pins that ask, pin n in bit n
 * @param entries the redirection table: the 64 bits of each pin's entry
 */
public record IoapicRegisters(int irr, List<Long> entries) {

    public IoapicRegisters {
        entries = List.copyOf(entries);
    }

    static IoapicRegisters read(MemorySegment ioapic) {
        List<Long> entries = new ArrayList<>();
        MemorySegment table = kvm_ioapic_state.redirtbl(ioapic);
        for (int pin = 0; pin < VirtualMachine.ioapicPins(); pin++) {
            entries.add(kvm_ioapic_state.redirtbl.bits(kvm_ioapic_state.redirtbl.asSlice(table, pin)));
        }
        return new IoapicRegisters(kvm_ioapic_state.irr(ioapic), entries);
    }

    /** Overwrites these, and leaves alone what else is there: address, index register and ID. */
    void write(MemorySegment ioapic) {
        kvm_ioapic_state.irr(ioapic, irr);
        MemorySegment table = kvm_ioapic_state.redirtbl(ioapic);
        for (int pin = 0; pin < entries.size(); pin++) {
            kvm_ioapic_state.redirtbl.bits(kvm_ioapic_state.redirtbl.asSlice(table, pin), entries.get(pin));
        }
    }
}
