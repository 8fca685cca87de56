package dev.interject.machine.board;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.interject.kvm.EventFd;
import dev.interject.kvm.VirtualMachine;

/** The eventfds that devices of this process signal, and that KVM turns into pulses of GSIs. Thread-safe. */
public final class Irqfds implements AutoCloseable {

    private final VirtualMachine vm;
    private final Map<Integer, EventFd> byGsi = new LinkedHashMap<>();

    Irqfds(VirtualMachine vm) {
        this.vm = vm;
    }

    /** Binds the eventfd of a GSI ({@code KVM_IRQFD}); makes one if it has none. What was signalled before arrives. */
    public synchronized void bind(int gsi) {
        vm.bindIrqfd(eventOf(gsi), gsi);
        vm.unbindIrqfd(eventOf(gsi), gsi); // waits until what was signalled has arrived
        vm.bindIrqfd(eventOf(gsi), gsi);
    }

    /** Signals the eventfd of a GSI, as a device does, bound or not. */
    public synchronized void signal(int gsi) {
        eventOf(gsi).signal();
    }

    private EventFd eventOf(int gsi) {
        return byGsi.computeIfAbsent(gsi, _ -> EventFd.create());
    }

    /** Waits until what was signalled has arrived; all must be bound. */
    public synchronized void drain() {
        byGsi.forEach((gsi, event) -> {
            vm.unbindIrqfd(event, gsi);
            vm.bindIrqfd(event, gsi);
        });
    }

    /** Unbinds all, when what was signalled has arrived. Returns their GSIs. */
    public synchronized List<Integer> unbind() {
        byGsi.forEach((gsi, event) -> vm.unbindIrqfd(event, gsi));
        return List.copyOf(byGsi.keySet());
    }

    @Override
    public synchronized void close() {
        byGsi.values().forEach(EventFd::close);
        byGsi.clear();
    }
}
