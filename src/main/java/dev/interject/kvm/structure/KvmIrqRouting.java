package dev.interject.kvm.structure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_irq_routing;
import dev.interject.bindings.kvm_irq_routing_entry;
import dev.interject.bindings.kvm_irq_routing_irqchip;
import dev.interject.bindings.kvm_irq_routing_msi;
import dev.interject.kvm.state.GsiRoute;

/** Writes {@code struct kvm_irq_routing}. */
public final class KvmIrqRouting {

    private KvmIrqRouting() {}

    public static MemorySegment table(Arena arena, List<GsiRoute> routes) {
        long bytes = kvm_irq_routing.entries$offset() + routes.size() * kvm_irq_routing_entry.layout().byteSize();
        MemorySegment table = arena.allocate(bytes, kvm_irq_routing_entry.layout().byteAlignment());
        kvm_irq_routing.nr(table, routes.size());
        MemorySegment first = table.asSlice(kvm_irq_routing.entries$offset());
        for (int i = 0; i < routes.size(); i++) {
            write(routes.get(i), kvm_irq_routing_entry.asSlice(first, i));
        }
        return table;
    }

    private static void write(GsiRoute route, MemorySegment entry) {
        kvm_irq_routing_entry.gsi(entry, route.gsi());
        MemorySegment union = kvm_irq_routing_entry.u(entry);
        switch (route) {
            case GsiRoute.ToPin pin -> {
                kvm_irq_routing_entry.type(entry, NativeHeaders.KVM_IRQ_ROUTING_IRQCHIP());
                MemorySegment irqchip = kvm_irq_routing_entry.u.irqchip(union);
                kvm_irq_routing_irqchip.irqchip(irqchip, pin.chip());
                kvm_irq_routing_irqchip.pin(irqchip, pin.pin());
            }
            case GsiRoute.ToMessage message -> {
                kvm_irq_routing_entry.type(entry, NativeHeaders.KVM_IRQ_ROUTING_MSI());
                MemorySegment msi = kvm_irq_routing_entry.u.msi(union);
                kvm_irq_routing_msi.address_lo(msi, message.message().address());
                kvm_irq_routing_msi.data(msi, message.message().data());
            }
        }
    }
}
