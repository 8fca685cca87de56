package dev.interject.machine.vcpu;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.interject.interrupt.inject.InterruptWindow;
import dev.interject.interrupt.inject.Kick;
import dev.interject.kvm.Exit;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Mmio;
import dev.interject.kvm.PortIo;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.MpState;
import dev.interject.kvm.state.VcpuEvents;

/** Runs one vCPU on a platform thread of its own: all its ioctls are made here, between two runs. */
public final class VcpuThread {

    private static final Duration KICK_AGAIN = Duration.ofMillis(100);
    private static final StepResult ASLEEP = new StepResult.Asleep();

    private final Vcpu vcpu;
    private final InterruptWindow window;
    private final GuestBus bus;
    private final VcpuTrace trace;
    private final MachineListener listener;
    private final Thread thread;
    private final Kicker kicker;
    private final VcpuTasks errands;
    private final StepPlanner footing;
    private final VcpuDebugger leash;
    private final NmiRequests nmis;
    /** Made once, so that going to sleep allocates nothing. */
    private final BooleanSupplier word = this::hasWord;

    private volatile boolean stopping;
    private boolean halted;
    /** The last exit was a port or memory access, which the next run completes. */
    private boolean accessIsOpen;
    private boolean ended;

    /** @param window gives the vCPU vectors from outside; null where none come from there */
    public VcpuThread(Vcpu vcpu, InterruptWindow window, GuestBus bus, VcpuTrace trace, GuestMemory memory,
            MachineListener listener) {
        this.trace = trace;
        this.vcpu = vcpu;
        this.kicker = new Kicker(vcpu, trace);
        this.errands = new VcpuTasks(kicker);
        this.footing = new StepPlanner(vcpu, memory);
        this.leash = new VcpuDebugger(vcpu, footing, errands);
        this.nmis = new NmiRequests(vcpu, trace);
        this.window = window;
        this.bus = bus;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("vcpu-" + trace.vcpu()).unstarted(this::live);
    }

    public void start() {
        thread.start();
    }

    /**
     * Ends the thread. Returns when the vCPU is out of the guest for good; does nothing the second time.
     *
     * @throws IllegalStateException if it does not come out; what it runs on must then not be given back
     */
    public void stop() {
        stopping = true;
        boolean interrupted = false;
        long deadline = System.nanoTime() + VcpuTasks.PATIENCE.toNanos();
        while (thread.isAlive() && deadline - System.nanoTime() > 0) {
            kicker.kick();
            try {
                thread.join(KICK_AGAIN);
            } catch (InterruptedException later) {
                interrupted = true; // the thread must be gone before its memory is
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException("the vCPU does not come out of the guest");
        }
    }

    public Kick kicker() {
        return kicker;
    }

    /** What other threads want done on this one. */
    public VcpuTasks errands() {
        return errands;
    }

    public VcpuDebugger leash() {
        return leash;
    }

    private void live() {
        try {
            kicker.arm();
            while (!stopping) {
                kicker.listen();
                if (!errands.isEmpty()) { // one that comes later has kicked: the next entry returns, and it is run then
                    completeAccess();
                    errands.runAll();
                }
                if (errands.wantsWindow()) {
                    completeAccess();
                    if (window.isOpen()) { // asked after the access, which may change it
                        errands.runForOpenGuest();
                    }
                }
                if (!stopping) {
                    turn();
                }
            }
        } catch (RuntimeException | Error failure) {
            fail(failure);
        } finally {
            kicker.disarm();
            leash.ended();
        }
    }

    /** Keeps running errands after a failure, so that one can still look at the vCPU. */
    private void fail(Throwable failure) {
        ended = true;
        listener.ended(new VcpuEnd.HostFailed(trace.vcpu(), failure));
        while (!stopping) {
            errands.runAll();
            leash.ended();
            kicker.sleepUnless(word);
        }
    }

    private void turn() {
        if (ended) {
            leash.ended(); // also holds it
        }
        if (leash.isHeld()) {
            kicker.sleepUnless(word);
            return;
        }
        boolean injected = window != null && window.beforeRun(errands.wantsWindow());
        nmis.ask();
        if (halted && !injected && !nmis.endHalt()) {
            leash.stepped(ASLEEP); // if it was to take a step
            kicker.sleepUnless(word);
            return;
        }
        halted = false;
        if (leash.isStepping()) {
            step();
        } else {
            enter();
        }
    }

    /** Begins the step that was asked for, or carries on with it; {@link VcpuDebugger#stepped} ends it. */
    private void step() {
        if (vcpu.mpState() != MpState.RUNNABLE) {
            turnBack(); // wakes it, if there is a reason
        }
        boolean asleep = vcpu.mpState() != MpState.RUNNABLE;
        boolean nmi = vcpu.canTakeNmi();
        turnBack(); // queues the interrupt that would be taken, if there is one
        if (ended || vcpu.immediateExit()) {
            return; // kicked, so that KVM may not have looked: once more
        }
        if (asleep) {
            leash.stepped(ASLEEP);
            return;
        }
        VcpuEvents events = vcpu.events();
        if (!nmi && !events.interruptInjected() && footing.isAtHalt()) {
            fallAsleep();
            return;
        }
        vcpu.setDebug(footing.step(events));
        enter();
        if (leash.isStepping() && accessIsOpen) { // some emulate OUT without saying that it was a step
            completeAccess();
            leash.stepped(new StepResult.Executed());
        }
    }

    /** Lets the kernel look at what there is to be injected, without executing anything. */
    private void turnBack() {
        kicker.exitBeforeFirstInstruction();
        enter();
    }

    /** Executes the HLT that is next by hand. */
    private void fallAsleep() {
        footing.passHalt();
        if (vcpu.hasLapicInKernel()) {
            vcpu.setMpState(MpState.HALTED);
        } else {
            halted = true;
        }
        if (window != null) {
            turnBack(); // what the last run said of the window was about the shadow that has just ended
        }
        leash.stepped(ASLEEP);
    }

    private void enter() {
        long since = kicker.enterGuest();
        Exit exit = vcpu.run();
        kicker.leaveGuest();
        trace.ran(since, exit);
        accessIsOpen = false;
        if (window != null) {
            window.afterRun();
        }
        handle(exit);
    }

    private void handle(Exit exit) {
        switch (exit) {
            case Exit.PortAccess(PortIo io) -> {
                accessIsOpen = true;
                bus.access(io);
            }
            case Exit.Interrupted interrupted -> kicker.consumeSignal();
            case Exit.Halted hlt -> halted = !nmis.endHalt();
            case Exit.Woken woken -> {
                // it begins, or waits on, at the next run
            }
            case Exit.WindowOpen _,Exit.PriorityLowered _ -> {
                // the next look at the window makes use of it; no LAPIC of ours holds anything by priority
            }
            case Exit.MemoryAccess(Mmio mmio) -> {
                accessIsOpen = true;
                bus.access(mmio);
            }
            case Exit.InterruptEnded(var eoi) -> bus.ended(eoi);
            case Exit.Debugged(var trap) -> leash.trapped(trap);
            case Exit.ShutDown shutDown -> end("a triple fault (KVM_EXIT_SHUTDOWN)");
            case Exit.EntryFailed(var details) -> end(details.describe());
            case Exit.InternalError(var details) -> end(details.describe());
            case Exit.Other(var details) -> end(details.describe());
        }
    }

    /**
     * A port or memory access is complete, and RIP behind it, only at the next run; whoever looks wants to see the
     * guest between two instructions.
     */
    private void completeAccess() {
        while (accessIsOpen && !ended) {
            vcpu.setImmediateExit(true);
            enter();
            vcpu.setImmediateExit(false);
        }
    }

    private void end(String how) {
        ended = true;
        listener.ended(new VcpuEnd.Crashed(trace.vcpu(), how));
    }

    private boolean hasWord() {
        return stopping || !errands.isEmpty()
                || !ended && !leash.isHeld() && (nmis.wanted().get() > 0 || window != null && window.canInject());
    }

    /** By which vectors come from outside; empty where none do. On this thread. */
    public Optional<InterruptWindow> window() {
        return Optional.ofNullable(window);
    }

    public NmiRequests nmis() {
        return nmis;
    }

    /** Whether the guest sleeps in HLT. On this thread; told only where the LAPIC is not in the kernel. */
    public boolean isHalted() {
        return halted;
    }

    /** Queues a vector at once, whatever the guest is doing, and lets it run on; says whether the guest had IF=1. */
    public boolean interruptNow(int vector) {
        return errands.call(() -> {
            boolean open = vcpu.interruptFlag();
            if (window == null) {
                vcpu.interrupt(vector);
            } else {
                window.interruptNow(vector);
            }
            halted = false;
            return open;
        });
    }
}
