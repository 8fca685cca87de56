package dev.interject.machine.board;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.interject.device.Ioapic;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;

/**
 * Where a VM's GSIs lead. The kernel takes the table only as a whole, so this keeps a copy, which changes only when the
 * kernel has taken the new one. Thread-safe: a guest can reprogram a pin on its vCPU's thread while another thread adds
 * a route.
 */
public final class RoutingTable {

    private final Consumer<List<GsiRoute>> kernel;
    private List<GsiRoute> routes;
    private int nextGsi = Ioapic.PINS;

    /**
     * @param kernel takes a whole table ({@code KVM_SET_GSI_ROUTING})
     * @param first  what the kernel's table holds already
     */
    public RoutingTable(Consumer<List<GsiRoute>> kernel, List<GsiRoute> first) {
        this.kernel = kernel;
        this.routes = List.copyOf(first);
    }

    /** The table as the kernel has it. */
    public synchronized List<GsiRoute> routes() {
        return routes;
    }

    /** Replaces the whole table, as {@code KVM_SET_GSI_ROUTING} does. */
    public synchronized void replaceAll(List<GsiRoute> table) {
        set(table);
    }

    /** Routes an unused GSI, above the IOAPIC's pins, to the message. */
    public synchronized int add(MsiMessage message) {
        int gsi = nextGsi;
        replace(gsi, message);
        nextGsi++;
        return gsi;
    }

    /** Routes a GSI to the message and nowhere else. */
    public synchronized void replace(int gsi, MsiMessage message) {
        List<GsiRoute> changed = without(gsi);
        changed.add(new GsiRoute.ToMessage(gsi, message));
        set(changed);
    }

    /** Removes a GSI's routes. */
    public synchronized void remove(int gsi) {
        List<GsiRoute> changed = without(gsi);
        if (changed.size() < routes.size()) {
            set(changed);
        }
    }

    private List<GsiRoute> without(int gsi) {
        List<GsiRoute> others = new ArrayList<>(routes);
        others.removeIf(route -> route.gsi() == gsi);
        return others;
    }

    private void set(List<GsiRoute> changed) {
        kernel.accept(changed); // first: if the kernel refuses, the table is still the old one
        routes = List.copyOf(changed);
    }
}
