package dev.interject.machine;

import java.util.Optional;

import dev.interject.device.CommandPort;
import dev.interject.device.Doorbell;
import dev.interject.device.MmioBus;
import dev.interject.device.PortBus;
import dev.interject.guest.Mailbox;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.inject.InterruptWindow;
import dev.interject.interrupt.inject.IoapicController;
import dev.interject.interrupt.inject.PicController;
import dev.interject.interrupt.inject.VectorQueue;
import dev.interject.kvm.Capability;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.StatisticsFile;
import dev.interject.kvm.Vcpu;
import dev.interject.machine.vcpu.GuestBus;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuDoorbell;
import dev.interject.machine.vcpu.VcpuThread;
import dev.interject.machine.vcpu.VcpuTrace;
import dev.interject.trace.Recorder;

/**
 * Wires the vCPUs of a machine to what they share.
 *
 * @param ioapic ours, with a split irqchip
 * @param closer keeps what is to be closed with the machine
 */
record VcpuFactory(Kvm kvm, Irqchip irqchip, GuestMemory memory, PicController pic, Optional<IoapicController> ioapic,
        VectorQueue vectors, CommandPort commands, MachineListener listener, Recorder recorder,
        ResourceStack closer) {

    /** The vCPU that vectors from outside go to. */
    private static final int BOOT_VCPU = 0;

    /** A vCPU with its ports, its window, its thread and its mailbox. */
    VcpuContext processor(int number, Vcpu vcpu) {
        Mailbox mailbox = new Mailbox(memory, number);
        VcpuTrace trace = new VcpuTrace(number, mailbox, recorder);
        PortBus ports = new PortBus();
        ports.register(Doorbell.PORT, Doorbell.PORT, new Doorbell(new VcpuDoorbell(trace, listener)));
        ports.register(CommandPort.PORT, CommandPort.PORT, commands);
        MmioBus mmio = new MmioBus();
        ioapic.ifPresent(own -> own.attachTo(mmio, MemoryMap.IOAPIC));
        InterruptWindow window = null;
        if (irqchip != Irqchip.KERNEL) {
            pic.attachTo(ports);
            window = number == BOOT_VCPU ? new InterruptWindow(vcpu, vectors, pic, number, recorder) : null;
        }
        GuestBus bus = new GuestBus(ports, mmio, this::ended, trace);
        return new VcpuContext(vcpu, new VcpuThread(vcpu, window, bus, trace, memory, listener), trace, mailbox,
                statistics(vcpu));
    }

    private Optional<StatisticsFile> statistics(Vcpu vcpu) {
        return kvm.check(Capability.KVM_CAP_BINARY_STATS_FD) == 0
                ? Optional.empty()
                : Optional.of(closer.register(vcpu.statistics()));
    }

    private void ended(int vector) {
        ioapic.ifPresent(own -> own.endOfInterrupt(vector));
    }
}
