package dev.interject.kvm.structure;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_ioapic_state;
import dev.interject.device.IoapicState;
import dev.interject.device.Redirection;

/** Reads and writes {@code struct kvm_ioapic_state}. */
public final class KvmIoapicState {

    private KvmIoapicState() {}

    public static IoapicState read(MemorySegment ioapic) {
        List<Redirection> entries = new ArrayList<>();
        MemorySegment table = kvm_ioapic_state.redirtbl(ioapic);
        for (int pin = 0; pin < NativeHeaders.KVM_IOAPIC_NUM_PINS(); pin++) {
            entries.add(new Redirection(
                    kvm_ioapic_state.redirtbl.bits(kvm_ioapic_state.redirtbl.asSlice(table, pin))));
        }
        return new IoapicState(kvm_ioapic_state.irr(ioapic), entries);
    }

    public static void write(IoapicState state, MemorySegment ioapic) {
        kvm_ioapic_state.irr(ioapic, state.irr());
        MemorySegment table = kvm_ioapic_state.redirtbl(ioapic);
        for (int pin = 0; pin < state.entries().size(); pin++) {
            kvm_ioapic_state.redirtbl.bits(kvm_ioapic_state.redirtbl.asSlice(table, pin),
                    state.entries().get(pin).bits());
        }
    }
}
