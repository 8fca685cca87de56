package dev.interject.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Function;

import dev.interject.device.CommandPort;
import dev.interject.guest.GuestImage;
import dev.interject.guest.Mailbox;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.LineClaim;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.inject.IoapicController;
import dev.interject.interrupt.inject.LineLevels;
import dev.interject.interrupt.inject.PicController;
import dev.interject.interrupt.inject.VectorQueue;
import dev.interject.kvm.Capability;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.StatisticsFile;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.kvm.state.CpuidEntry;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.Registers;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.VcpuDebugger;
import dev.interject.machine.vcpu.VcpuThread;
import dev.interject.trace.Recorder;

/**
 * One guest in one VM, from its creation to its end.
 *
 * <p>Closing it stops the vCPUs and gives everything back, in the one safe order; also where making it failed half-way.
 */
public final class Machine implements AutoCloseable {

    /** Room for the vectors that wait for a window, before the queue grows. */
    private static final int VECTORS_WAITING = 1024;

    /** The vCPU that runs first, and that the 8259s interrupt. */
    private static final int BOOT_VCPU = 0;

    private final ResourceStack closer = new ResourceStack();
    private final GuestImage image;
    private final Kvm kvm;
    private final VirtualMachine vm;
    private final GuestMemory memory;
    private final Irqchip irqchip;
    private final PicController pic;
    private final Optional<IoapicController> ioapic;
    private final VectorQueue vectors = new VectorQueue(VECTORS_WAITING);
    private final CommandPort commands = new CommandPort();
    private final List<VcpuContext> processors = new ArrayList<>();
    private final VcpuInspector lookout;
    private final Injectors injectors;
    private final TraceSession recorded;
    private final Recorder recorder;

    /**
     * Makes the VM, loads the guest and readies its vCPUs; nothing runs before {@link #start}.
     *
     * @throws dev.interject.linux.error.SystemCallException with the name of the call that failed
     */
    public Machine(MachinePlan plan, MachineListener listener) {
        this(plan, listener, Recorder.off());
    }

    /** As above, and records what happens. */
    public Machine(MachinePlan plan, MachineListener listener, Recorder recorder) {
        this.image = plan.image();
        this.recorder = recorder;
        this.pic = new PicController(recorder);
        try {
            this.kvm = closer.register(Kvm.open());
            kvm.requireWhatRunsNeed();
            plan.needs().forEach(kvm::require);
            List<CpuidEntry> leaves = plan.orders().addTo(kvm.supportedCpuid());
            this.memory = closer.register(GuestMemory.ofBytes(MemoryMap.RAM_BYTES));
            image.loadInto(memory);
            this.vm = closer.register(kvm.createVirtualMachine());
            vm.setIdentityMapAddress(MemoryMap.IDENTITY_MAP);
            vm.setTssAddress(MemoryMap.TSS);
            vm.setMemory(0, memory);
            Controllers.make(vm, plan);
            List<Vcpu> vcpus = new ArrayList<>();
            for (int number = 0; number < plan.orders().vcpus(); number++) {
                vcpus.add(closer.register(vm.createVcpu(number)));
            }
            this.irqchip = Irqchip.detect(vm, vcpus.get(BOOT_VCPU));
            LineLevels wires = new LineLevels();
            RoutingTable routes = new RoutingTable(vm, irqchip == Irqchip.KERNEL ? GsiRoute.standard() : List.of());
            this.ioapic = irqchip == Irqchip.SPLIT
                    ? Optional.of(new IoapicController(new IoapicMessages(vm, routes, recorder), recorder))
                    : Optional.empty();
            Controllers controllers =
                    irqchip == Irqchip.KERNEL ? new KernelControllers(vm) : new OwnControllers(pic, ioapic);
            prepare(plan, leaves, vcpus);
            VcpuFactory wiring =
                    new VcpuFactory(kvm, irqchip, memory, pic, ioapic, vectors, commands, listener, recorder, closer);
            for (int number = 0; number < vcpus.size(); number++) {
                processors.add(wiring.processor(number, vcpus.get(number)));
            }
            this.recorded = new TraceSession(recorder, processors);
            this.lookout = new VcpuInspector(irqchip, processors, controllers, memory, routes, wires);
            this.injectors = new Injectors(vm, processors, pic, ioapic, vectors, routes, wires, commands, closer,
                    recorder);
        } catch (RuntimeException | Error failed) {
            closer.closeAfter(failed);
            throw failed;
        }
    }

    /** Brings vCPU 0 to its first instruction; the others wait to be started by the guest. */
    private void prepare(MachinePlan plan, List<CpuidEntry> leaves, List<Vcpu> vcpus) {
        boolean tscDeadline = irqchip.hasLapicInKernel() && kvm.check(Capability.KVM_CAP_TSC_DEADLINE_TIMER) != 0;
        for (int number = 0; number < vcpus.size(); number++) {
            vcpus.get(number).setCpuid(CpuidTable.of(leaves, number, tscDeadline));
        }
        Vcpu first = vcpus.get(BOOT_VCPU);
        first.setSpecialRegisters(plan.bootMode().prepare(memory, first.specialRegisters()));
        first.setRegisters(Registers.startingAt(image.entry()));
    }

    /** Lets the guest run: vCPU 0 at once, the others when it starts them. */
    public void start() {
        recorded.begin();
        processors.forEach(processor -> processor.thread().start());
    }

    /**
     * Stops the vCPUs for good; afterwards all that was to be recorded is. Does nothing the second time.
     *
     * @return each vCPU's clock from {@link #start} to now, empty where the guest has set it; none at all where nothing
     *         was recorded
     * @throws IllegalStateException if one does not stop
     */
    public List<Optional<GuestClock>> stop() {
        recorded.awaitHandlers();
        processors.forEach(processor -> processor.thread().stop());
        return recorded.end();
    }

    /** As {@link #start}, but vCPU 0 is held before its first instruction. */
    public void startHeld() {
        leash(BOOT_VCPU).holdFromTheStart();
        start();
    }

    /** {@link #leash(int)} of vCPU 0. */
    public VcpuDebugger leash() {
        return leash(BOOT_VCPU);
    }

    /** Holds a vCPU out of the guest, and lets it go step by step. */
    public VcpuDebugger leash(int vcpu) {
        return processors.get(vcpu).thread().leash();
    }

    /** Records what happens in this machine; {@link Recorder#off()} if nothing is recorded. */
    public Recorder recorder() {
        return recorder;
    }

    /** Where the interrupt controllers live, as the kernel said. */
    public Irqchip irqchip() {
        return irqchip;
    }

    /** How many there are, numbered from 0; the number is the APIC ID as well. */
    public int vcpus() {
        return processors.size();
    }

    /** The lines that devices of every machine drive. */
    public static List<LineClaim> lineClaims() {
        return List.of(new LineClaim(2, "the slave 8259 (the cascade)"));
    }

    /** The ways in. */
    public Injectors injectors() {
        return injectors;
    }

    /** Leaves a command that the guest fetches from its command port; says whether there was room. */
    public boolean command(int command) {
        return commands.offer(command);
    }

    /** What the guest counted on vCPU 0. */
    public Mailbox mailbox() {
        return mailbox(BOOT_VCPU);
    }

    /** What the guest counted on a vCPU. */
    public Mailbox mailbox(int vcpu) {
        return processors.get(vcpu).mailbox();
    }

    /** What KVM itself counts of a vCPU, by the kernel's names; empty where it does not tell. */
    public Map<String, Long> statistics(int vcpu) {
        return processors.get(vcpu).statistics().map(StatisticsFile::read).orElse(Map.of());
    }

    /** How fast a vCPU's time-stamp counter runs, in kHz; empty where the host cannot tell. */
    public OptionalInt tscKilohertz(int vcpu) {
        VcpuContext processor = processors.get(vcpu);
        return processor.thread().errands().call(processor.vcpu().timeStampCounter()::kilohertz);
    }

    /** A vCPU's time-stamp counter and the host's clock, read together while the vCPU is out of the guest. */
    public ClockReading readClock(int vcpu) {
        VcpuContext processor = processors.get(vcpu);
        return processor.thread().errands().call(() -> ClockReading.of(processor.vcpu().timeStampCounter()::read));
    }

    /** How many vectors wait for a window. */
    public int vectorsWaiting() {
        return vectors.size();
    }

    /**
     * Takes back what waits for a window of one vector, so that the guest gets no more of it.
     *
     * @return how many there were
     */
    public int withdraw(int vector) {
        VcpuThread thread = processors.get(BOOT_VCPU).thread();
        return thread.errands()
                .call(() -> vectors.withdraw(vector)
                        + (thread.window().map(window -> window.withdraw(vector)).orElse(false) ? 1 : 0));
    }

    /**
     * Keeps a vCPU out of the guest while interrupts are handed over, so that none of them is taken meanwhile.
     *
     * @param handOver on the vCPU's thread
     * @param patience how long that may take
     * @return what waited before and what waited after
     */
    public Pending.Change whileStopped(int vcpu, Runnable handOver, Duration patience) {
        return lookout.whileStopped(vcpu, handOver, patience);
    }

    /** Does something with a vCPU that is out of the guest between two instructions, and lets it run on. */
    public <T> T frozen(int vcpu, Function<FrozenVcpu, T> work) {
        return lookout.frozen(vcpu, work);
    }

    /** {@link #look(int)} at vCPU 0. */
    public GuestState look() {
        return look(BOOT_VCPU);
    }

    /**
     * Stops a vCPU between two instructions, looks, and lets it run on.
     *
     * @throws IllegalStateException if the vCPU does not come out of the guest
     */
    public GuestState look(int vcpu) {
        return lookout.look(vcpu);
    }

    /** The same, and reads more, such as what the guest counted, while the vCPU is out. */
    public <T> T look(int vcpu, Function<GuestState, T> reader) {
        return lookout.look(vcpu, reader);
    }

    /** {@link #lookWhenOpen(int, Duration)} at vCPU 0. */
    public GuestState lookWhenOpen(Duration time) {
        return lookWhenOpen(BOOT_VCPU, time);
    }

    /** Looks when a vCPU is open to a maskable interrupt, or, where it is not within the time, as it is then. */
    public GuestState lookWhenOpen(int vcpu, Duration time) {
        return lookout.lookWhenOpen(vcpu, time);
    }

    /** Does something as soon as a vCPU, whose vectors come from here, is open to one, or when the time is up. */
    public <T> T whenOpen(int vcpu, Callable<T> errand, Duration time) {
        return lookout.whenOpen(vcpu, errand, time);
    }

    /** Where a symbol of the guest's image is; empty where it has none of that name. */
    public OptionalLong addressOf(String symbol) {
        return image.symbols().value(symbol);
    }

    /** An address as a symbol of the guest's image and an offset; empty outside it. */
    public String symbolAt(long address) {
        return image.symbols().describe(address);
    }

    /** @throws IllegalStateException if a vCPU does not stop; then nothing is given back, since it still uses it */
    @Override
    public void close() {
        stop();
        closer.close();
    }
}
