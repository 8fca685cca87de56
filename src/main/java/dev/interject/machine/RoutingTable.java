package dev.interject.machine;

import java.util.ArrayList;
import java.util.List;

import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.IoapicRegisters;
import dev.interject.kvm.state.MsiMessage;

/**
 * Where a VM's GSIs lead. The kernel takes the table only whole, so it is kept here. Thread-safe: a guest reprograms a
 * pin on its vCPU's thread while another thread adds a route.
 */
final class RoutingTable {

    private final VirtualMachine vm;
    private final List<GsiRoute> routes;
    private int nextGsi = IoapicRegisters.PINS;

    /** @param first what the kernel's table holds already */
    RoutingTable(VirtualMachine vm, List<GsiRoute> first) {
        this.vm = vm;
        this.routes = new ArrayList<>(first);
    }

    /** The table as the kernel has it. */
    synchronized List<GsiRoute> routes() {
        return List.copyOf(routes);
    }

    /** Lets no GSI lead anywhere. */
    synchronized void clear() {
        routes.clear();
        vm.setRoutes(routes);
    }

    /** Routes a GSI of its own, behind the IOAPIC's, to the message. */
    synchronized int add(MsiMessage message) {
        int gsi = nextGsi;
        routes.add(new GsiRoute.ToMessage(gsi, message));
        vm.setRoutes(routes);
        nextGsi++;
        return gsi;
    }

    /** Routes a GSI to the message and nowhere else. */
    synchronized void replace(int gsi, MsiMessage message) {
        routes.removeIf(route -> route.gsi() == gsi);
        routes.add(new GsiRoute.ToMessage(gsi, message));
        vm.setRoutes(routes);
    }

    /** Lets a GSI lead nowhere. */
    synchronized void remove(int gsi) {
        if (routes.removeIf(route -> route.gsi() == gsi)) {
            vm.setRoutes(routes);
        }
    }
}
