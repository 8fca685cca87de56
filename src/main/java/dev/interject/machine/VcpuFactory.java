package dev.interject.machine;

import java.util.Optional;
import java.util.function.Predicate;

import dev.interject.device.CommandPort;
import dev.interject.device.Doorbell;
import dev.interject.device.MmioBus;
import dev.interject.device.PortBus;
import dev.interject.guest.Mailbox;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.inject.InterruptWindow;
import dev.interject.kvm.Capability;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.StatisticsFile;
import dev.interject.kvm.UnsupportedKvmException;
import dev.interject.kvm.Vcpu;
import dev.interject.machine.board.Mainboard;
import dev.interject.machine.board.Platform;
import dev.interject.machine.vcpu.DebugSupport;
import dev.interject.machine.vcpu.GuestBus;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuActor;
import dev.interject.machine.vcpu.VcpuDoorbell;
import dev.interject.machine.vcpu.VcpuTrace;
import dev.interject.trace.Recorder;

/**
 * Connects the vCPUs of a machine to what they share.
 *
 * @param platform       the devices beside the interrupt controllers
 * @param debugRegisters tests whether breakpoints in the debug registers stop a guest on this host
 * @param resources      keeps what is to be closed with the machine
 */
record VcpuFactory(Kvm kvm, Mainboard board, Platform platform, Predicate<Kvm> debugRegisters,
        MachineListener listener, Recorder recorder, ResourceStack resources) {

    /** A vCPU with its ports, its window, its thread and its mailbox. */
    VcpuContext context(int number, Vcpu vcpu) {
        Mailbox mailbox = new Mailbox(board.memory(), number);
        VcpuTrace trace = new VcpuTrace(number, mailbox, platform.hasDoorbell(), recorder);
        PortBus ports = new PortBus();
        MmioBus mmio = new MmioBus();
        if (platform.hasDoorbell()) {
            ports.register(Doorbell.PORT, Doorbell.PORT, new Doorbell(new VcpuDoorbell(trace, listener)));
            ports.register(CommandPort.PORT, CommandPort.PORT, board.commands());
            mmio.register(MemoryMap.COMMANDS, CommandPort.WIDTH, board.commands());
        }
        platform.attachTo(ports, mmio);
        board.ioapic().ifPresent(ioapic -> ioapic.attachTo(mmio, MemoryMap.IOAPIC));
        if (board.irqchip() != Irqchip.KERNEL) {
            board.pic().attachTo(ports);
        }
        GuestBus bus = new GuestBus(ports, mmio, this::endOfInterrupt, platform::isOff, trace);
        Optional<StatisticsFile> statistics = statistics(vcpu);
        VcpuActor actor = new VcpuActor(vcpu, window(number, vcpu, statistics), bus, trace, board.memory(),
                new DebugSupport(this::debugRegistersWork, kvm.canBlockInterrupts()), listener);
        return new VcpuContext(number, vcpu, actor, trace, mailbox, statistics, new VcpuContext.PhysicalWidth(vcpu));
    }

    private boolean debugRegistersWork() {
        boolean work = debugRegisters.test(kvm);
        if (!work && platform.vcpus() > 1) {
            throw new UnsupportedKvmException("breakpoints do not stop a guest on this host, and what replaces them"
                    + " takes a guest with one vCPU");
        }
        return work;
    }

    /** Vectors of user space go to the boot vCPU. */
    private Optional<InterruptWindow> window(int number, Vcpu vcpu, Optional<StatisticsFile> statistics) {
        return board.irqchip() != Irqchip.KERNEL && number == Machine.BOOT_VCPU
                ? Optional.of(new InterruptWindow(vcpu, board.vectors(), board.pic(), number, recorder,
                        () -> statistics.map(file -> file.read().get("irq_injections")).orElse(0L)))
                : Optional.empty();
    }

    private Optional<StatisticsFile> statistics(Vcpu vcpu) {
        return kvm.check(Capability.KVM_CAP_BINARY_STATS_FD) == 0
                ? Optional.empty()
                : Optional.of(resources.register(vcpu.statistics()));
    }

    private void endOfInterrupt(int vector) {
        board.ioapic().ifPresent(ioapic -> ioapic.endOfInterrupt(vector));
    }
}
