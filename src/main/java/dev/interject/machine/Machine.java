package dev.interject.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

import dev.interject.device.Ioapic;
import dev.interject.device.Pic8259Pair;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.Mailbox;
import dev.interject.guest.MemoryMap;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.boot.BootState;
import dev.interject.guest.boot.Bootable;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.LineClaim;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.Capability;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Kvm;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VirtualMachine;
import dev.interject.machine.board.Controllers;
import dev.interject.machine.board.Irqfds;
import dev.interject.machine.board.Mainboard;
import dev.interject.machine.board.Platform;
import dev.interject.machine.snapshot.StateTransfer;
import dev.interject.machine.vcpu.DebugRegisters;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.trace.Recorder;

/**
 * One guest in one VM, from its creation to its end.
 *
 * <p>Closing it stops the vCPUs and releases everything in the one safe order, also if creating it failed in part.
 *
 * <pre>{@code
 * try (Machine machine = Machine.builder(BuiltinGuest.PIC).irqchip(Irqchip.KERNEL).openLine(10).start()) {
 *     machine.awaitReady(PATIENCE);
 *     machine.line(10).pulse();
 *     machine.awaitTaken(0x2a, 1, PATIENCE);
 * }
 * }</pre>
 */
public final class Machine implements AutoCloseable {

    /** The vCPU that runs first, and that the 8259s interrupt. */
    static final int BOOT_VCPU = 0;

    private final ResourceStack resources = new ResourceStack();
    private final Bootable guest;
    private final Platform platform;
    private final GuestEvents events;
    private final Mainboard board;
    private final List<VcpuHandle> vcpus;
    private final Injectors injectors;
    private final StateTransfer transfer;
    private final TraceSession trace;
    private final Recorder recorder;

    /** Builds a machine for a guest that comes with Interject. */
    public static MachineBuilder builder(BuiltinGuest guest) {
        return new MachineBuilder(guest);
    }

    /**
     * Builds a machine for another guest.
     *
     * @param bootMode the state of vCPU 0 at its first instruction
     */
    public static MachineBuilder builder(GuestImage image, BootMode bootMode) {
        return new MachineBuilder(image, bootMode);
    }

    /**
     * Makes the VM, loads the guest and prepares its vCPUs; nothing runs before {@link #start}.
     *
     * @throws dev.interject.linux.error.SystemCallException if a call failed; it names the call
     */
    public Machine(MachinePlan plan, MachineListener listener) {
        this(plan, listener, Recorder.off());
    }

    /** As above, and records what happens. */
    public Machine(MachinePlan plan, MachineListener listener, Recorder recorder) {
        this(plan, listener, recorder, DebugRegisters::work, true);
    }

    /** A machine in which nothing is loaded, for a state that is restored: see {@link #transfer}. */
    public static Machine blank(MachinePlan plan, MachineListener listener) {
        return new Machine(plan, listener, Recorder.off(), DebugRegisters::work, false);
    }

    /** @param registers tests whether breakpoints in the debug registers stop a guest on this host */
    Machine(MachinePlan plan, MachineListener listener, Recorder recorder, Predicate<Kvm> registers, boolean loads) {
        this.guest = plan.guest();
        this.platform = plan.platform();
        this.recorder = recorder;
        this.events = new GuestEvents(listener);
        try {
            Kvm kvm = resources.register(Kvm.open());
            kvm.requireWhatRunsNeed();
            plan.needs().forEach(kvm::require);
            Optional<BootState> boot = loads ? Optional.of(guest.bootState()) : Optional.empty();
            GuestMemory memory = resources.register(GuestMemory.ofBytes(guest.memoryBytes()));
            VirtualMachine vm = resources.register(kvm.createVirtualMachine());
            vm.setIdentityMapAddress(MemoryMap.IDENTITY_MAP);
            vm.setTssAddress(MemoryMap.TSS);
            vm.setMemory(0, memory);
            Controllers.make(vm, plan.irqchip(), plan.pit());
            List<Vcpu> created = new ArrayList<>();
            for (int number = 0; number < platform.vcpus(); number++) {
                created.add(resources.register(vm.createVcpu(number)));
            }
            this.board = Mainboard.of(vm, memory, Mainboard.detectIrqchip(vm, created.get(BOOT_VCPU)), recorder);
            resources.register(board.irqfds());
            boot.ifPresent(state -> {
                if (plan.needs().contains(Capability.KVM_CAP_EXCEPTION_PAYLOAD)) {
                    vm.enableExceptionPayload();
                }
                state.loadInto(memory);
                GuestLoader loader = new GuestLoader(kvm, board.irqchip(), created);
                loader.load(state.start(), platform.cpuid(loader.supportedCpuid()));
            });
            VcpuFactory factory = new VcpuFactory(kvm, board, platform, registers,
                    events, recorder, resources);
            List<VcpuContext> contexts = new ArrayList<>();
            for (int number = 0; number < created.size(); number++) {
                contexts.add(factory.context(number, created.get(number)));
            }
            this.vcpus = contexts.stream().map(vcpu -> new VcpuHandle(board, contexts, vcpu)).toList();
            this.trace = new TraceSession(recorder, contexts);
            this.injectors = new Injectors(board, contexts, resources, recorder);
            this.transfer = new StateTransfer(kvm, board, created, contexts.stream().map(VcpuContext::actor).toList());
            platform.initialize(number -> line(number).output(), board.controllers());
        } catch (RuntimeException | Error failed) {
            resources.closeAfter(failed);
            throw failed;
        }
    }

    /** Lets the guest run: vCPU 0 at once, the others when it starts them. It comes last: it may wait for them. */
    public void start() {
        trace.begin();
        vcpus.reversed().forEach(vcpu -> vcpu.context().actor().start());
    }

    /** As {@link #start}, but vCPU 0 is held before its first instruction. */
    public void startHeld() {
        vcpu(BOOT_VCPU).context().actor().holdAtStart();
        start();
    }

    /**
     * Stops the vCPUs; afterwards the record is complete. Does nothing the second time.
     *
     * @return each vCPU's clock from {@link #start} to now, empty if the guest has set it; no element where nothing
     *         was recorded
     * @throws IllegalStateException if a vCPU does not stop
     */
    public List<Optional<GuestClock>> stop() {
        trace.awaitHandlers();
        platform.close();
        vcpus.forEach(vcpu -> vcpu.context().actor().stop());
        events.stop();
        return trace.end();
    }

    /** Records what happens in this machine; {@link Recorder#off()} if nothing is recorded. */
    public Recorder recorder() {
        return recorder;
    }

    /** Where the interrupt controllers live, as the kernel said. */
    public Irqchip irqchip() {
        return board.irqchip();
    }

    /** How many vCPUs there are. */
    public int vcpus() {
        return vcpus.size();
    }

    /** A vCPU by its number, from 0, which is also its APIC ID unless the guest changes that. */
    public VcpuHandle vcpu(int number) {
        return vcpus.get(MachineBuilder.inRange("vcpu", number, 0, vcpus.size() - 1));
    }

    /**
     * A line of the interrupt controllers.
     *
     * @param number 0–15 with the irqchip in user space, else 0–23
     */
    public Line line(int number) {
        int count = irqchip() == Irqchip.USERSPACE ? Pic8259Pair.LINES : Ioapic.PINS;
        if (number < 0 || number >= count) {
            throw new IllegalArgumentException("line must be 0 to %d, not %d".formatted(count - 1, number));
        }
        return new Line(injectors.everyController(number, Trigger.EDGE),
                injectors.everyController(number, Trigger.LEVEL));
    }

    /** The lines that devices of every machine drive. */
    public static List<LineClaim> lineClaims() {
        return List.of(new LineClaim(2, "the slave 8259 (the cascade)"));
    }

    /** Saves and restores its state. */
    public StateTransfer transfer() {
        return transfer;
    }

    /** The eventfds of its devices that can be bound to another machine. */
    public Irqfds irqfds() {
        return board.irqfds();
    }

    /** Its RAM. */
    public GuestRam memory() {
        return new GuestRam(board.memory());
    }

    /** The injectors of every path. */
    public Injectors injectors() {
        return injectors;
    }

    /**
     * Waits until the guest is set up.
     *
     * @param  time                 how long at most
     * @return                      whether it is
     * @throws dev.interject.machine.vcpu.VcpuEndedException if a vCPU ends first, or the machine is closed
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public boolean awaitReady(Duration time) throws InterruptedException {
        return events.awaitReady(time);
    }

    /**
     * Waits until the handlers of a vector have run a number of times since the start, on all vCPUs together.
     *
     * @param  vector               0–255
     * @param  times                how many times
     * @param  time                 how long at most
     * @return                      whether they have
     * @throws dev.interject.machine.vcpu.VcpuEndedException if a vCPU ends first, or the machine is closed
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public boolean awaitTaken(int vector, long times, Duration time) throws InterruptedException {
        return events.awaitTaken(MachineBuilder.inRange("vector", vector, 0, Mailbox.VECTORS - 1), times, time);
    }

    /** Leaves a command that the guest fetches from its command port; returns whether there was room. */
    public boolean command(int command) {
        return board.commands().offer(command);
    }

    /** Whether the guest has fetched all commands, and requested another one since. */
    public boolean isCommandAwaited() {
        return board.commands().isAwaited();
    }

    /** How many vectors wait for a window. */
    public int vectorsWaiting() {
        return board.vectors().size();
    }

    /** The address of a symbol of the guest's image; empty if it has none of that name. */
    public OptionalLong addressOf(String symbol) {
        return guest.addressOf(symbol);
    }

    /** An address as a symbol of the guest's image and an offset; empty outside it. */
    public String symbolAt(long address) {
        return guest.symbolAt(address);
    }

    /** @throws IllegalStateException if a vCPU does not stop; then nothing is released, since it still uses it */
    @Override
    public void close() {
        stop();
        resources.close();
    }
}
