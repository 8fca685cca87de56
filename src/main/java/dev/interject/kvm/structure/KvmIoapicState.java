package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.interject.bindings.kvm_ioapic_state;
import dev.interject.kvm.state.IoapicRegisters;

/** Reads and writes {@code struct kvm_ioapic_state}. */
public final class KvmIoapicState {

    private KvmIoapicState() {}

    public static IoapicRegisters read(MemorySegment ioapic) {
        List<Long> entries = new ArrayList<>();
        MemorySegment table = kvm_ioapic_state.redirtbl(ioapic);
        for (int pin = 0; pin < IoapicRegisters.PINS; pin++) {
            entries.add(kvm_ioapic_state.redirtbl.bits(kvm_ioapic_state.redirtbl.asSlice(table, pin)));
        }
        return new IoapicRegisters(kvm_ioapic_state.irr(ioapic), entries);
    }

    public static void write(IoapicRegisters registers, MemorySegment ioapic) {
        kvm_ioapic_state.irr(ioapic, registers.irr());
        MemorySegment table = kvm_ioapic_state.redirtbl(ioapic);
        for (int pin = 0; pin < registers.entries().size(); pin++) {
            kvm_ioapic_state.redirtbl.bits(kvm_ioapic_state.redirtbl.asSlice(table, pin), registers.entries().get(pin));
        }
    }
}
