package dev.interject.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.interject.device.Doorbell;
import dev.interject.device.PicState;
import dev.interject.device.PortBus;
import dev.interject.guest.BootMode;
import dev.interject.guest.GuestImage;
import dev.interject.guest.Mailbox;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.Orders;
import dev.interject.interrupt.ForcedVectorInjector;
import dev.interject.interrupt.GuestState;
import dev.interject.interrupt.Injector;
import dev.interject.interrupt.InterruptWindow;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.IrqfdInjector;
import dev.interject.interrupt.KernelLineInjector;
import dev.interject.interrupt.LineClaim;
import dev.interject.interrupt.MsiInjector;
import dev.interject.interrupt.NmiInjector;
import dev.interject.interrupt.PicController;
import dev.interject.interrupt.PicInjector;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.VectorInjector;
import dev.interject.interrupt.VectorQueue;
import dev.interject.kvm.Capability;
import dev.interject.kvm.GsiRoute;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.MsiMessage;
import dev.interject.kvm.PicChip;
import dev.interject.kvm.Registers;
import dev.interject.kvm.StatisticsFile;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.linux.EventFd;

/**
 * One guest in one VM with one vCPU, from its creation to its end.
 *
 * <p>Closing it stops the vCPU and gives everything back, in the one safe order; also where making it failed half-way.
 */
public final class Machine implements AutoCloseable {

    /** More than a run ever has under way at once. */
    private static final int VECTORS_WAITING = 1024;

    private static final long LOOK_AGAIN_MILLIS = 1;

    private final Closer closer = new Closer();
    private final GuestImage image;
    private final VirtualMachine vm;
    private final GuestMemory memory;
    private final Vcpu vcpu;
    private final Irqchip irqchip;
    private final PicController pic = new PicController();
    private final VectorQueue vectors = new VectorQueue(VECTORS_WAITING);
    private final Optional<StatisticsFile> statistics;
    private final VcpuThread thread;

    /**
     * Makes the VM, loads the guest and readies the vCPU; nothing runs before {@link #start}.
     *
     * @param wanted where the interrupt controllers are to live
     * @throws dev.interject.linux.SystemCallException with the name of the call that failed
     */
    public Machine(Irqchip wanted, GuestImage image, BootMode bootMode, Orders orders, MachineListener listener) {
        this.image = image;
        try {
            Kvm kvm = closer.register(Kvm.open());
            kvm.requireWhatRunsNeed();
            this.memory = closer.register(GuestMemory.ofBytes(MemoryMap.RAM_BYTES));
            this.vm = closer.register(kvm.createVirtualMachine());
            vm.setIdentityMapAddress(MemoryMap.IDENTITY_MAP);
            vm.setTssAddress(MemoryMap.TSS);
            // Before the irqchip: afterwards this call can take ten times as long.
            vm.setMemory(0, memory);
            switch (wanted) {
                case KERNEL -> vm.createIrqchip();
                case USERSPACE -> {
                    // all controllers are ours
                }
                case SPLIT -> throw new IllegalArgumentException("a split irqchip is not built yet");
            }
            this.vcpu = closer.register(vm.createVcpu(0));
            this.irqchip = Irqchip.detect(vm, vcpu);
            this.statistics = kvm.check(Capability.KVM_CAP_BINARY_STATS_FD) == 0
                    ? Optional.empty()
                    : Optional.of(closer.register(vcpu.statistics()));

            vcpu.setCpuid(orders.addTo(kvm.supportedCpuid()));
            image.loadInto(memory);
            vcpu.setSpecialRegisters(bootMode.prepare(memory, vcpu.specialRegisters()));
            vcpu.setRegisters(Registers.startingAt(image.entry()));

            PortBus ports = new PortBus();
            ports.register(Doorbell.PORT, Doorbell.PORT, new Doorbell(listener));
            boolean legacy = irqchip != Irqchip.KERNEL;
            if (legacy) {
                pic.attachTo(ports);
            }
            InterruptWindow window = legacy ? new InterruptWindow(vcpu, vectors, pic) : null;
            this.thread = new VcpuThread(vcpu, window, ports, listener);
        } catch (RuntimeException | Error failed) {
            closer.closeAfter(failed);
            throw failed;
        }
    }

    /** Lets the guest run. */
    public void start() {
        thread.start();
    }

    /** Where the interrupt controllers live, as the kernel said. */
    public Irqchip irqchip() {
        return irqchip;
    }

    /** The lines that devices of every machine drive. */
    public static List<LineClaim> lineClaims() {
        return List.of(new LineClaim(2, "the slave 8259 (the cascade)"));
    }

    /** What the guest counted. */
    public Mailbox mailbox() {
        return new Mailbox(memory);
    }

    /** Pulls a line of the kernel's controllers. */
    public Injector kernelLine(int gsi, Trigger trigger) {
        return new KernelLineInjector(vm.irqLine(gsi), trigger);
    }

    /**
     * Binds an eventfd to a line of the kernel's controllers, for a level with a resample eventfd, and pulls it by
     * that.
     */
    public Injector irqfd(int gsi, Trigger trigger) {
        EventFd event = closer.register(EventFd.create());
        if (trigger == Trigger.EDGE) {
            vm.bindIrqfd(event, gsi);
            return IrqfdInjector.edge(event);
        }
        EventFd resample = closer.register(EventFd.create());
        vm.bindIrqfd(event, gsi, resample);
        return IrqfdInjector.level(event, resample);
    }

    /** Sends a message to a LAPIC in the kernel. */
    public Injector message(MsiMessage message) {
        return new MsiInjector(vm.msi(message));
    }

    /** Routes a GSI of its own to the message, and pulls it as a line. */
    public Injector routedMessage(MsiMessage message) {
        return kernelLine(route(message), Trigger.EDGE);
    }

    /** Routes a GSI of its own to the message, and then binds an eventfd to it. */
    public Injector routedMessageByIrqfd(MsiMessage message) {
        return irqfd(route(message), Trigger.EDGE);
    }

    /** The first GSI behind the IOAPIC's; the routes of the others stay. */
    private int route(MsiMessage message) {
        int gsi = VirtualMachine.ioapicPins();
        List<GsiRoute> routes = new ArrayList<>(GsiRoute.standard());
        routes.add(new GsiRoute.ToMessage(gsi, message));
        vm.setRoutes(routes);
        return gsi;
    }

    /** Asks for non-maskable interrupts. */
    public Injector nmi() {
        return new NmiInjector(thread.nmis(), thread.kicker());
    }

    /** What KVM itself counts of the vCPU, by the kernel's names; empty where it does not tell. */
    public Map<String, Long> vcpuStatistics() {
        return statistics.map(StatisticsFile::read).orElse(Map.of());
    }

    /** Pulls a line of our own 8259 pair. */
    public Injector userspaceLine(int line, Trigger trigger) {
        return new PicInjector(pic, line, trigger, thread.kicker());
    }

    /** Queues a vector for the next injection window. */
    public Injector vector(int vector) {
        return new VectorInjector(vectors, vector, thread.kicker());
    }

    /** Queues a vector at once, whatever the guest is doing. */
    public ForcedVectorInjector forcedVector(int vector) {
        return new ForcedVectorInjector(vector, thread::interruptNow);
    }

    /** How many vectors wait for a window. */
    public int vectorsWaiting() {
        return vectors.size();
    }

    /**
     * Stops the vCPU between two instructions, looks, and lets it run on.
     *
     * @throws IllegalStateException if the vCPU does not come out of the guest
     */
    public GuestState look() {
        return thread.errands().call(this::capture);
    }

    /**
     * Looks when the guest is open to a maskable interrupt, or, where it is not within the time, as it is then.
     *
     * @param time how long to wait for it
     */
    public GuestState lookWhenOpen(Duration time) {
        if (irqchip != Irqchip.KERNEL) {
            return thread.errands().callWhenOpen(this::capture, time);
        }
        // Nobody tells when a guest opens if the PIC is in the kernel: look again and again.
        long deadline = System.nanoTime() + time.toNanos();
        GuestState state = look();
        while (!state.isOpen() && deadline - System.nanoTime() > 0) {
            pause();
            state = look();
        }
        return state;
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the guest", interrupted);
        }
    }

    private GuestState capture() {
        boolean inKernel = irqchip == Irqchip.KERNEL;
        return new StateReader(vcpu, memory).read(irqchip, thread.isHalted(),
                inKernel ? kernelPic(PicChip.MASTER) : pic.masterState(),
                inKernel ? kernelPic(PicChip.SLAVE) : pic.slaveState(),
                inKernel ? Optional.of(vm.ioapicRegisters()) : Optional.empty());
    }

    private PicState kernelPic(PicChip chip) {
        return StateReader.picState(vm.picRegisters(chip));
    }

    /** An address as a symbol of the guest's image and an offset; empty outside it. */
    public String symbolAt(long address) {
        return image.symbols().describe(address);
    }

    /** @throws IllegalStateException if the vCPU does not stop; then nothing is given back, since it still uses it */
    @Override
    public void close() {
        thread.stop();
        closer.close();
    }
}
