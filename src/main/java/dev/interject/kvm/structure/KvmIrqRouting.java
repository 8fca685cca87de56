package dev.interject.kvm.structure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.interject.bindings.NativeHeaders;
import dev.interject.bindings.kvm_irq_routing;
import dev.interject.bindings.kvm_irq_routing_entry;
import dev.interject.bindings.kvm_irq_routing_irqchip;
import dev.interject.bindings.kvm_irq_routing_msi;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;

/** Reads and writes {@code struct kvm_irq_routing}. */
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

    /**
     * The entries of a table.
     *
     * @throws IllegalArgumentException if it does not have as many bytes as entries, or an entry is of another type
     */
    static List<GsiRoute> read(MemorySegment table) {
        long count = Integer.toUnsignedLong(kvm_irq_routing.nr(table));
        long bytes = kvm_irq_routing.entries$offset() + count * kvm_irq_routing_entry.layout().byteSize();
        if (bytes != table.byteSize()) {
            throw new IllegalArgumentException(
                    "a table of %d entries has %d bytes, not %d".formatted(count, bytes, table.byteSize()));
        }
        MemorySegment first = table.asSlice(kvm_irq_routing.entries$offset());
        List<GsiRoute> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            routes.add(readEntry(kvm_irq_routing_entry.asSlice(first, i)));
        }
        return routes;
    }

    private static GsiRoute readEntry(MemorySegment entry) {
        int gsi = kvm_irq_routing_entry.gsi(entry);
        int type = kvm_irq_routing_entry.type(entry);
        MemorySegment union = kvm_irq_routing_entry.u(entry);
        if (type == NativeHeaders.KVM_IRQ_ROUTING_IRQCHIP()) {
            MemorySegment irqchip = kvm_irq_routing_entry.u.irqchip(union);
            return new GsiRoute.ToPin(gsi, kvm_irq_routing_irqchip.irqchip(irqchip),
                    kvm_irq_routing_irqchip.pin(irqchip));
        }
        if (type == NativeHeaders.KVM_IRQ_ROUTING_MSI()) {
            MemorySegment msi = kvm_irq_routing_entry.u.msi(union);
            return new GsiRoute.ToMessage(gsi,
                    new MsiMessage(kvm_irq_routing_msi.address_lo(msi), kvm_irq_routing_msi.data(msi)));
        }
        throw new IllegalArgumentException("the entry of GSI %d has type %d, and neither KVM_IRQ_ROUTING_IRQCHIP nor"
                .formatted(gsi, type) + " KVM_IRQ_ROUTING_MSI");
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
