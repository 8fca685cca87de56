package dev.interject.kvm.state;

import java.util.ArrayList;
import java.util.List;

import dev.interject.bindings.NativeHeaders;

/** Where a GSI leads ({@code struct kvm_irq_routing_entry}); one GSI may have several routes. */
public sealed interface GsiRoute {

    int gsi();

    /**
     * To a pin of a controller in the kernel.
     *
     * @param chip {@code KVM_IRQCHIP_*}
     */
    record ToPin(int gsi, int chip, int pin) implements GsiRoute {}

    /** To a message. */
    record ToMessage(int gsi, MsiMessage message) implements GsiRoute {}

    /**
     * The table that {@code KVM_CREATE_IRQCHIP} sets: GSIs 0 to 15 to the PICs and the IOAPIC, the rest to the IOAPIC.
     */
    static List<GsiRoute> standard() {
        List<GsiRoute> routes = new ArrayList<>();
        int pinsAChip = 8;
        for (int gsi = 0; gsi < IoapicRegisters.PINS; gsi++) {
            if (gsi < pinsAChip) {
                routes.add(new ToPin(gsi, NativeHeaders.KVM_IRQCHIP_PIC_MASTER(), gsi));
            } else if (gsi < 2 * pinsAChip) {
                routes.add(new ToPin(gsi, NativeHeaders.KVM_IRQCHIP_PIC_SLAVE(), gsi - pinsAChip));
            }
            routes.add(new ToPin(gsi, NativeHeaders.KVM_IRQCHIP_IOAPIC(), gsi));
        }
        return routes;
    }
}
