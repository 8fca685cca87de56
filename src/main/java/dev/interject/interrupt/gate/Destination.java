package dev.interject.interrupt.gate;

import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.LapicRegisters;

/**
 * The destination of a message or of an IOAPIC entry (Intel SDM vol. 3, "Determining IPI Destination").
 *
 * @param id        an APIC ID, or in logical mode a set of LAPICs; 8 bits
 * @param isLogical whether it is compared with the LAPICs' logical IDs
 */
public record Destination(int id, boolean isLogical) {

    private static final int BROADCAST = 0xff;
    private static final int FLAT = 0xf;
    private static final int CLUSTER = 0xf;
    private static final int CLUSTER_SHIFT = 4;
    private static final int X2APIC_CLUSTER_SHIFT = 16;
    private static final int X2APIC_IN_CLUSTER = 0xffff;
    private static final long APIC_BASE_X2APIC = 1 << 10;

    /** An APIC ID. */
    public static Destination physical(int apicId) {
        return new Destination(apicId, false);
    }

    boolean isBroadcast() {
        return id == BROADCAST;
    }

    /** Whether the destination includes this vCPU's LAPIC. */
    boolean names(GuestState state) {
        if (!isLogical) {
            return id == state.vcpu() || isBroadcast();
        }
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        int logical = lapic.logicalDestination();
        if ((state.cpu().special().apicBase() & APIC_BASE_X2APIC) != 0) {
            return isBroadcast() || logical >>> X2APIC_CLUSTER_SHIFT == 0 && (logical & X2APIC_IN_CLUSTER & id) != 0;
        }
        int own = logical >>> 24;
        if (isBroadcast()) {
            return true;
        }
        return lapic.destinationFormat() >>> 28 == FLAT
                ? (own & id) != 0
                : own >> CLUSTER_SHIFT == id >> CLUSTER_SHIFT && (own & id & CLUSTER) != 0;
    }

    /** The logical ID of a vCPU's LAPIC, as text. */
    static String logicalId(GuestState state) {
        LapicRegisters lapic = state.controllers().lapic().orElseThrow();
        return "LDR 0x%08x, DFR 0x%08x".formatted(lapic.logicalDestination(), lapic.destinationFormat());
    }

    @Override
    public String toString() {
        return isLogical ? "logical, 0x%02x".formatted(id) : "APIC ID " + id;
    }
}
