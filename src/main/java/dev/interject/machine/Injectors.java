package dev.interject.machine;

import java.util.List;
import java.util.Optional;

import dev.interject.device.CommandPort;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.ForcedVectorInjector;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.inject.IoapicController;
import dev.interject.interrupt.inject.IoapicInjector;
import dev.interject.interrupt.inject.IpiInjector;
import dev.interject.interrupt.inject.IrqfdInjector;
import dev.interject.interrupt.inject.KernelLineInjector;
import dev.interject.interrupt.inject.LineLevels;
import dev.interject.interrupt.inject.MsiInjector;
import dev.interject.interrupt.inject.NmiInjector;
import dev.interject.interrupt.inject.PicController;
import dev.interject.interrupt.inject.PicInjector;
import dev.interject.interrupt.inject.VectorInjector;
import dev.interject.interrupt.inject.VectorQueue;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.linux.EventFd;
import dev.interject.machine.vcpu.VcpuThread;
import dev.interject.trace.Recorder;

/** Makes the injectors of one machine: a method each way in. */
public final class Injectors {

    private static final int BOOT_VCPU = 0;

    private final VirtualMachine vm;
    private final List<VcpuContext> processors;
    private final PicController pic;
    private final Optional<IoapicController> ioapic;
    private final VectorQueue vectors;
    private final RoutingTable routes;
    private final LineLevels wires;
    private final CommandPort commands;
    private final ResourceStack closer;
    private final Recorder recorder;

    Injectors(VirtualMachine vm, List<VcpuContext> processors, PicController pic,
            Optional<IoapicController> ioapic, VectorQueue vectors,
            RoutingTable routes, LineLevels wires,
            CommandPort commands, ResourceStack closer, Recorder recorder) {
        this.recorder = recorder;
        this.vm = vm;
        this.processors = processors;
        this.pic = pic;
        this.ioapic = ioapic;
        this.vectors = vectors;
        this.routes = routes;
        this.wires = wires;
        this.commands = commands;
        this.closer = closer;
    }

    /** Pulls a line of the kernel's controllers. */
    public Injector kernelLine(int gsi, Trigger trigger) {
        return new KernelLineInjector(vm.irqLine(gsi), trigger, wires, recorder);
    }

    /**
     * Binds an eventfd to a line of the kernel's controllers, for a level with a resample eventfd, and pulls it by
     * that.
     */
    public IrqfdInjector irqfd(int gsi, Trigger trigger) {
        EventFd event = closer.register(EventFd.create());
        if (trigger == Trigger.EDGE) {
            vm.bindIrqfd(event, gsi);
            return IrqfdInjector.edge(event, () -> {
                vm.unbindIrqfd(event, gsi);
                vm.bindIrqfd(event, gsi);
            }, recorder);
        }
        EventFd resample = closer.register(EventFd.create());
        vm.bindIrqfd(event, gsi, resample);
        return IrqfdInjector.level(event, resample, recorder);
    }

    /** Sends a message to a LAPIC in the kernel. */
    public Injector message(MsiMessage message) {
        return new MsiInjector(vm.msi(message), recorder);
    }

    /** Routes a GSI of its own to the message, and pulls it as a line. */
    public Injector routedMessage(MsiMessage message) {
        return kernelLine(routes.add(message), Trigger.EDGE);
    }

    /** Routes a GSI of its own to the message, and then binds an eventfd to it. */
    public Injector routedMessageByIrqfd(MsiMessage message) {
        return irqfd(routes.add(message), Trigger.EDGE);
    }

    /** Has vCPU 0, by an interrupt of its own, send an IPI: an APIC guest's. */
    public Injector ipi(int vcpu, int vector) {
        return new IpiInjector(commands, vm.msi(MsiMessage.fixed(BOOT_VCPU, CommandPort.VECTOR)), vcpu, vector,
                recorder);
    }

    /** Asks a vCPU for non-maskable interrupts. */
    public Injector nmi(int vcpu) {
        VcpuThread thread = processors.get(vcpu).thread();
        return new NmiInjector(thread.nmis().wanted(), thread.kicker());
    }

    /** Pulls a line of our own 8259 pair. */
    public Injector userspaceLine(int line, Trigger trigger) {
        return new PicInjector(pic, line, trigger, bootThread().kicker());
    }

    /** Pulls a pin of our own IOAPIC, which a machine with a split irqchip has. */
    public Injector ioapicPin(int pin, Trigger trigger) {
        return new IoapicInjector(ioapic.orElseThrow(), pin, trigger, wires);
    }

    /** Queues a vector for vCPU 0's next injection window. */
    public Injector vector(int vector) {
        return new VectorInjector(vectors, vector, bootThread().kicker());
    }

    /** Queues a vector at vCPU 0 at once, whatever the guest is doing. */
    public ForcedVectorInjector forcedVector(int vector) {
        return new ForcedVectorInjector(vector, bootThread()::interruptNow);
    }

    private VcpuThread bootThread() {
        return processors.get(BOOT_VCPU).thread();
    }
}
