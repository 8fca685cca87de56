package dev.interject.machine;

import java.util.List;

import dev.interject.device.CommandPort;
import dev.interject.device.Pic8259Pair;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.inject.ForcedVectorInjector;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.inject.IoapicInjector;
import dev.interject.interrupt.inject.IpiInjector;
import dev.interject.interrupt.inject.IrqfdInjector;
import dev.interject.interrupt.inject.KernelLineInjector;
import dev.interject.interrupt.inject.MsiInjector;
import dev.interject.interrupt.inject.NmiInjector;
import dev.interject.interrupt.inject.PicInjector;
import dev.interject.interrupt.inject.VectorInjector;
import dev.interject.interrupt.route.InjectorFactory;
import dev.interject.kvm.EventFd;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.board.Mainboard;
import dev.interject.machine.vcpu.VcpuActor;
import dev.interject.trace.Recorder;

/** Makes the injectors of one machine: a method for each path. */
public final class Injectors implements InjectorFactory {

    private final Mainboard board;
    private final List<VcpuContext> vcpus;
    private final ResourceStack resources;
    private final Recorder recorder;

    Injectors(Mainboard board, List<VcpuContext> vcpus, ResourceStack resources, Recorder recorder) {
        this.board = board;
        this.vcpus = vcpus;
        this.resources = resources;
        this.recorder = recorder;
    }

    /** Drives a line of the kernel's controllers ({@code KVM_IRQ_LINE_STATUS}). */
    @Override
    public Injector kernelLine(int gsi, Trigger trigger) {
        return new KernelLineInjector(board.vm().irqLine(gsi), trigger, board.levels(), recorder);
    }

    /**
     * Binds an eventfd to a line of the kernel's controllers, with a resample eventfd for a level ({@code KVM_IRQFD}).
     */
    @Override
    public IrqfdInjector irqfd(int gsi, Trigger trigger) {
        EventFd event = resources.register(EventFd.create());
        if (trigger == Trigger.EDGE) {
            board.vm().bindIrqfd(event, gsi);
            return IrqfdInjector.edge(event, () -> {
                board.vm().unbindIrqfd(event, gsi);
                board.vm().bindIrqfd(event, gsi);
            }, recorder);
        }
        EventFd resample = resources.register(EventFd.create());
        board.vm().bindIrqfd(event, gsi, resample);
        return IrqfdInjector.level(event, resample, recorder);
    }

    /** Sends a message to a LAPIC in the kernel ({@code KVM_SIGNAL_MSI}). */
    @Override
    public Injector message(MsiMessage message) {
        return new MsiInjector(board.vm().msi(message), recorder);
    }

    /** Routes an unused GSI to the message, and drives it as a line. */
    @Override
    public Injector routedMessage(MsiMessage message) {
        return kernelLine(board.routes().add(message), Trigger.EDGE);
    }

    /** Routes an unused GSI to the message, and binds an eventfd to it. */
    @Override
    public Injector routedMessageByIrqfd(MsiMessage message) {
        return irqfd(board.routes().add(message), Trigger.EDGE);
    }

    /** Has vCPU 0 write its ICR, to which an interrupt asks it; only a guest that uses the LAPIC does. */
    @Override
    public Injector ipi(Icr icr) {
        return new IpiInjector(board.commands(),
                board.vm().msi(MsiMessage.fixed(Machine.BOOT_VCPU, CommandPort.VECTOR)), icr, recorder);
    }

    /** Makes non-maskable interrupts pending at a vCPU ({@code KVM_NMI}). */
    @Override
    public Injector nmi(int vcpu) {
        VcpuActor actor = vcpus.get(MachineBuilder.inRange("vcpu", vcpu, 0, vcpus.size() - 1)).actor();
        return new NmiInjector(actor.nmis().wanted(), actor.kicker());
    }

    /**
     * Drives a line of the 8259 pair in this process.
     *
     * @throws IllegalStateException if the 8259s are in the kernel
     */
    @Override
    public Injector userspaceLine(int line, Trigger trigger) {
        requireHere(board.irqchip() != Irqchip.KERNEL, "8259 pair");
        return new PicInjector(board.pic(), line, trigger, bootVcpu().kicker());
    }

    /**
     * Drives a pin of the IOAPIC in this process, which a machine with a split irqchip has.
     *
     * @throws IllegalStateException if there is none in this process
     */
    @Override
    public Injector ioapicPin(int pin, Trigger trigger) {
        requireHere(board.irqchip() == Irqchip.SPLIT, "IOAPIC");
        return new IoapicInjector(board.ioapic().orElseThrow(), pin, trigger, board.levels());
    }

    private void requireHere(boolean here, String controllers) {
        if (!here) {
            throw new IllegalStateException(
                    "with irqchip %s there is no %s in this process".formatted(board.irqchip(), controllers));
        }
    }

    /** Queues a vector for vCPU 0's next injection window. */
    @Override
    public Injector vector(int vector) {
        return new VectorInjector(board.vectors(), checked(vector), bootVcpu().kicker());
    }

    /** Queues a vector at vCPU 0 at once, whatever the guest is doing ({@code KVM_INTERRUPT}). */
    @Override
    public ForcedVectorInjector forcedVector(int vector) {
        VcpuActor actor = bootVcpu();
        return new ForcedVectorInjector(checked(vector),
                queued -> actor.commands().call(() -> actor.interruptNow(queued)));
    }

    /** Drives a line at each controller that it leads to. */
    List<Injector> everyController(int line, Trigger trigger) {
        return switch (board.irqchip()) {
            case KERNEL -> List.of(kernelLine(line, trigger));
            case USERSPACE -> List.of(userspaceLine(line, trigger));
            case SPLIT -> line < Pic8259Pair.LINES
                    ? List.of(userspaceLine(line, trigger), ioapicPin(line, trigger))
                    : List.of(ioapicPin(line, trigger));
        };
    }

    private static int checked(int vector) {
        return MachineBuilder.inRange("vector", vector, 0, Mailbox.VECTORS - 1);
    }

    private VcpuActor bootVcpu() {
        return vcpus.get(Machine.BOOT_VCPU).actor();
    }
}
