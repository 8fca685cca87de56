package dev.interject.device;

import dev.interject.guest.MemoryMap;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.GsiRoute;

/** The IOAPIC that {@code KVM_CREATE_IRQCHIP} makes, on the real {@code /dev/kvm}: a puppet guest reaches it. */
final class KernelIoapic implements IoapicSubject, AutoCloseable {

    private final ApicPuppet guest = new ApicPuppet();
    private final VirtualMachine vm = guest.virtualMachine();

    /** Its lines do not lead to the 8259s, which would have their say in what a line's status is. */
    KernelIoapic() {
        vm.setRoutes(GsiRoute.standard().stream().filter(KernelIoapic::leadsToIoapic).toList());
    }

    /** The last GSI leads to the IOAPIC only. */
    private static boolean leadsToIoapic(GsiRoute route) {
        return route instanceof GsiRoute.ToPin pin && GsiRoute.standard().getLast() instanceof GsiRoute.ToPin last
                && pin.chip() == last.chip();
    }

    @Override
    public void write(long offset, int width, long value) {
        guest.store(MemoryMap.IOAPIC + offset, width, value);
    }

    @Override
    public long read(long offset, int width) {
        return guest.load(MemoryMap.IOAPIC + offset, width);
    }

    @Override
    public int raise(int pin) {
        return vm.irqLine(pin).raise();
    }

    @Override
    public void lower(int pin) {
        vm.irqLine(pin).lower();
    }

    @Override
    public int takeInterrupt() {
        return guest.open();
    }

    @Override
    public void enableLapic(boolean enabled) {
        guest.enableLapic(enabled);
    }

    @Override
    public IoapicSight sight() {
        return new IoapicSight(vm.ioapicState(), guest.requested());
    }

    @Override
    public void restore(IoapicState state) {
        for (int pin = 0; pin < Ioapic.PINS; pin++) {
            lower(pin);
        }
        guest.drain();
        write(Ioapic.INDEX, 4, Ioapic.ID);
        write(Ioapic.DATA, 4, 0);
        vm.setIoapicState(state);
    }

    @Override
    public void close() {
        guest.close();
    }
}
