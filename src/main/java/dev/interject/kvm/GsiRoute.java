package dev.interject.kvm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_irq_routing;
import dev.interject.bindings.kvm_irq_routing_entry;
import dev.interject.bindings.kvm_irq_routing_irqchip;
import dev.interject.bindings.kvm_irq_routing_msi;

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
        for (int gsi = 0; gsi < VirtualMachine.ioapicPins(); gsi++) {
            if (gsi < pinsAChip) {
                routes.add(new ToPin(gsi, NativeHeaders.KVM_IRQCHIP_PIC_MASTER(), gsi));
            } else if (gsi < 2 * pinsAChip) {
                routes.add(new ToPin(gsi, NativeHeaders.KVM_IRQCHIP_PIC_SLAVE(), gsi - pinsAChip));
            }
            routes.add(new ToPin(gsi, NativeHeaders.KVM_IRQCHIP_IOAPIC(), gsi));
        }
        return routes;
    }

    private void write(MemorySegment entry) {
        kvm_irq_routing_entry.gsi(entry, gsi());
        MemorySegment union = kvm_irq_routing_entry.u(entry);
        switch (this) {
            case ToPin pin -> {
                kvm_irq_routing_entry.type(entry, NativeHeaders.KVM_IRQ_ROUTING_IRQCHIP());
                MemorySegment irqchip = kvm_irq_routing_entry.u.irqchip(union);
                kvm_irq_routing_irqchip.irqchip(irqchip, pin.chip());
                kvm_irq_routing_irqchip.pin(irqchip, pin.pin());
            }
            case ToMessage route -> {
                kvm_irq_routing_entry.type(entry, NativeHeaders.KVM_IRQ_ROUTING_MSI());
                MemorySegment msi = kvm_irq_routing_entry.u.msi(union);
                kvm_irq_routing_msi.address_lo(msi, route.message().address());
                kvm_irq_routing_msi.data(msi, route.message().data());
            }
        }
    }

    /** The table as {@code KVM_SET_GSI_ROUTING} takes it. */
    static MemorySegment table(Arena arena, List<GsiRoute> routes) {
        long bytes = kvm_irq_routing.entries$offset() + routes.size() * kvm_irq_routing_entry.layout().byteSize();
        MemorySegment table = arena.allocate(bytes, kvm_irq_routing_entry.layout().byteAlignment());
        kvm_irq_routing.nr(table, routes.size());
        MemorySegment first = table.asSlice(kvm_irq_routing.entries$offset());
        for (int i = 0; i < routes.size(); i++) {
            routes.get(i).write(kvm_irq_routing_entry.asSlice(first, i));
        }
        return table;
    }
}
