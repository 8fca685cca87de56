package dev.interject.kvm;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.interject.bindings.kvm_ioapic_state;

/**
 * What the kernel keeps of its IOAPIC ({@code struct kvm_ioapic_state}).
 *
 * @param irr     the pins that ask, pin n in bit n
 * @param entries the redirection table, one entry a pin
 */
public record IoapicRegisters(int irr, List<Redirection> entries) {

    public IoapicRegisters {
        entries = List.copyOf(entries);
    }

    static IoapicRegisters read(MemorySegment ioapic) {
        List<Redirection> entries = new ArrayList<>();
        for (int pin = 0; pin < VirtualMachine.ioapicPins(); pin++) {
            entries.add(new Redirection(kvm_ioapic_state.redirtbl.bits(kvm_ioapic_state.redirtbl(ioapic, pin))));
        }
        return new IoapicRegisters(kvm_ioapic_state.irr(ioapic), entries);
    }

    /**
     * A redirection table entry (82093AA data sheet, 3.2.4).
     *
     * @param bits all 64 of them
     */
    public record Redirection(long bits) {

        private static final int VECTOR = 0xff;
        private static final int DELIVERY_MODE_SHIFT = 8;
        private static final int DELIVERY_MODE = 7;
        private static final long LOGICAL = 1 << 11;
        private static final long REMOTE_IRR = 1 << 14;
        private static final long LEVEL = 1 << 15;
        private static final long MASKED = 1 << 16;
        private static final int DESTINATION_SHIFT = 56;

        public int vector() {
            return (int) bits & VECTOR;
        }

        /** 0 fixed, 1 lowest priority, 2 SMI, 4 NMI, 5 INIT, 7 ExtINT. */
        public int deliveryMode() {
            return (int) (bits >> DELIVERY_MODE_SHIFT) & DELIVERY_MODE;
        }

        /** A level interrupt was accepted by a LAPIC and its EOI has not come. */
        public boolean remoteIrr() {
            return (bits & REMOTE_IRR) != 0;
        }

        public boolean isLevel() {
            return (bits & LEVEL) != 0;
        }

        public boolean isMasked() {
            return (bits & MASKED) != 0;
        }

        /** Logical destination mode. */
        public boolean isLogical() {
            return (bits & LOGICAL) != 0;
        }

        /** The APIC ID, in physical destination mode. */
        public int destination() {
            return (int) (bits >>> DESTINATION_SHIFT);
        }
    }
}
