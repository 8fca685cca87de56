package dev.interject.machine.board;

import java.util.List;
import java.util.Optional;

import dev.interject.device.CommandPort;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.inject.IoapicController;
import dev.interject.interrupt.inject.LineLevels;
import dev.interject.interrupt.inject.PicController;
import dev.interject.interrupt.inject.VectorQueue;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.trace.Recorder;

/**
 * What the vCPUs of a machine share.
 *
 * @param irqchip where the interrupt controllers live, as the kernel said
 * @param routes  where the GSIs lead
 * @param levels  the lines that are held high
 * @param pic     the 8259 pair in this process; used only where it is not in the kernel
 * @param ioapic  the IOAPIC in this process, which a split irqchip has
 * @param vectors those that wait for an interrupt window
 * @param irqfds  eventfds that outlive a VM, since they can be bound to another one
 */
public record Mainboard(VirtualMachine vm, GuestMemory memory, Irqchip irqchip, RoutingTable routes, LineLevels levels,
        PicController pic, Optional<IoapicController> ioapic, VectorQueue vectors, CommandPort commands,
        Irqfds irqfds) {

    /** Where the controllers of a VM live, as the kernel reports it. Call it while the vCPU does not run. */
    public static Irqchip detectIrqchip(VirtualMachine vm, Vcpu vcpu) {
        if (vm.hasPicInKernel()) {
            return Irqchip.KERNEL;
        }
        return vcpu.hasLapicInKernel() ? Irqchip.SPLIT : Irqchip.USERSPACE;
    }

    /** Room for the vectors that wait for a window, before the queue grows. */
    private static final int VECTORS_WAITING = 1024;

    /** Creates the devices of this process. */
    public static Mainboard of(VirtualMachine vm, GuestMemory memory, Irqchip irqchip, Recorder recorder) {
        RoutingTable routes =
                new RoutingTable(vm::setRoutes, irqchip == Irqchip.KERNEL ? GsiRoute.standard() : List.of());
        return new Mainboard(vm, memory, irqchip, routes, new LineLevels(), new PicController(recorder),
                irqchip == Irqchip.SPLIT
                        ? Optional.of(new IoapicController(new IoapicMessages(vm, routes, recorder), recorder))
                        : Optional.empty(),
                new VectorQueue(VECTORS_WAITING), new CommandPort(), new Irqfds(vm));
    }

    /** The interrupt controllers, wherever they live. */
    public Controllers controllers() {
        return irqchip == Irqchip.KERNEL ? new KernelControllers(vm, levels) : new OwnControllers(pic, ioapic, levels);
    }
}
