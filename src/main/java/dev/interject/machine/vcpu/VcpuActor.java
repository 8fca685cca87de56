package dev.interject.machine.vcpu;

import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.interject.interrupt.inject.InterruptWindow;
import dev.interject.interrupt.inject.Kick;
import dev.interject.kvm.Exit;
import dev.interject.kvm.GuestMemory;
import dev.interject.kvm.Mmio;
import dev.interject.kvm.PortIo;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.state.GuestDebug;

/**
 * Runs one vCPU on a platform thread of its own, which makes all its ioctls, between two runs.
 *
 * <p>Other threads post tasks to the inbox and kick. Each pass of the loop ({@link #pass}) first consumes the kicks,
 * the only place that does, and then looks at the inbox and at the state. It enters the guest at most once.
 */
public final class VcpuActor {

    private final int number;
    private final Vcpu vcpu;
    private final Optional<InterruptWindow> window;
    private final GuestBus bus;
    private final MachineListener listener;
    private final Thread thread;
    private final Kicker kicker;
    private final GuestEntry entry;
    private final DebugEntry debugger;
    private final Stepper stepper;
    private final NmiRequests nmis;
    private final GuestSleep sleep;
    private final Inbox inbox = new Inbox();
    private final VcpuCommands commands = new VcpuCommands(this);
    /** Made once, so that going to sleep allocates nothing. */
    private final BooleanSupplier work = this::hasWork;

    private volatile boolean started;
    private volatile boolean stopping;
    /** Written by the vCPU's thread, and before that thread starts. */
    private volatile VcpuState state = VcpuState.RUNNING;

    /** @param window passes vectors of user space to the vCPU; empty if it gets none from there */
    public VcpuActor(Vcpu vcpu, Optional<InterruptWindow> window, GuestBus bus, VcpuTrace trace, GuestMemory memory,
            DebugSupport debugging, MachineListener listener) {
        this.number = trace.vcpu();
        this.vcpu = vcpu;
        this.window = window;
        this.bus = bus;
        this.listener = listener;
        this.kicker = new Kicker(vcpu, trace);
        this.entry = new GuestEntry(vcpu, kicker, trace, window, this::handle);
        this.debugger = new DebugEntry(vcpu, memory, entry, debugging);
        this.stepper = new Stepper(vcpu, memory, entry, debugger, debugging.blocksInterrupts());
        this.nmis = new NmiRequests(vcpu, trace);
        this.sleep = new GuestSleep(vcpu, entry, window, nmis);
        this.thread = Thread.ofPlatform().daemon().name("vcpu-" + number).unstarted(this::live);
    }

    /** @throws IllegalStateException if it was started or stopped before */
    public void start() {
        if (started || stopping) {
            throw new IllegalStateException("a machine starts once, and not after it was closed");
        }
        started = true;
        thread.start();
    }

    /** Has {@link #start} hold the vCPU before its first instruction. */
    public void holdAtStart() {
        state = VcpuState.HELD;
    }

    /**
     * Ends the thread. Returns when the vCPU is out of the guest; does nothing the second time.
     *
     * @throws IllegalStateException if it does not come out; the memory that it runs on must then not be unmapped
     */
    public void stop() {
        stopping = true;
        if (!kicker.awaitEnd(thread, VcpuCommands.PATIENCE)) {
            throw VcpuCommands.stuck();
        }
        inbox.close(new VcpuEnd.Stopped(number)); // also where the thread was never started
        kicker.close();
    }

    /** The kick that brings this vCPU out of the guest. */
    public Kick kicker() {
        return kicker;
    }

    /** What other threads can have done with the vCPU. */
    public VcpuCommands commands() {
        return commands;
    }

    /** The NMIs that are requested of this vCPU. */
    public NmiRequests nmis() {
        return nmis;
    }

    /** Passes vectors of user space to the vCPU; empty if it gets none from there. For the vCPU's thread. */
    public Optional<InterruptWindow> window() {
        return window;
    }

    VcpuState state() {
        return state;
    }

    /** Posts a task and brings the vCPU out of the guest for it. */
    void post(VcpuTask<?> task) {
        boolean own = Thread.currentThread() == thread;
        if (own || !started && !stopping) {
            throw new IllegalStateException(
                    own ? "a vCPU's own thread cannot wait for it" : "the machine has not been started");
        }
        inbox.post(task, kicker); // if the machine is closed, so is the inbox, which answers
    }

    Inbox inbox() {
        return inbox;
    }

    private void live() {
        VcpuEnd end = new VcpuEnd.Stopped(number);
        try {
            kicker.arm();
            while (!stopping) {
                pass();
            }
        } catch (RuntimeException | Error failed) {
            end = new VcpuEnd.HostFailed(number, failed);
        }
        try {
            kicker.disarm();
        } catch (RuntimeException failed) {
            end = end instanceof VcpuEnd.HostFailed ? end : new VcpuEnd.HostFailed(number, failed);
        }
        try {
            end(end);
        } finally {
            inbox.close(end);
            kicker.endThread();
        }
    }

    private void pass() {
        if (kicker.consume()) {
            stepper.restart();
        }
        if (mustSettle()) {
            entry.settle();
            return;
        }
        while (inbox.hasTask() && !mustSettle()) {
            inbox.runTask();
        }
        if (state instanceof VcpuState.Ended(VcpuEnd end)) {
            inbox.refuseWindowWaiters(end); // the window does not open again
        }
        while (inbox.hasWindowWaiter() && !mustSettle() && window.orElseThrow().isOpen()) {
            inbox.runWindowWaiter();
        }
        if (stopping || mustSettle()) {
            return;
        }
        switch (state) {
            case VcpuState.Held _,VcpuState.Ended _ -> kicker.sleepUnless(work, false);
            case VcpuState.Running _,VcpuState.Stepping _,VcpuState.RunningTo _ -> advance();
        }
    }

    /** Whether tasks have to wait for an entry that brings the guest between two instructions. */
    private boolean mustSettle() {
        return entry.windowIsStale() || entry.mustCompleteAccess() && (inbox.hasTask() || inbox.hasWindowWaiter());
    }

    private void advance() {
        boolean queued = window.isPresent() && window.get().beforeRun(inbox.hasWindowWaiter());
        nmis.request();
        boolean sleeps = entry.isHalted() && !queued && !nmis.endHalt();
        entry.setHalted(sleeps);
        nmis.enter();
        switch (state) {
            case VcpuState _ when sleeps && !(state instanceof VcpuState.Stepping) -> kicker.sleepUnless(work, true);
            case VcpuState.Running _ -> entry.enter(GuestDebug.OFF);
            case VcpuState.RunningTo goal -> runTo(goal);
            case VcpuState.Stepping step -> step(step, sleeps);
            case VcpuState.Held _,VcpuState.Ended _ -> throw new AssertionError(state);
        }
    }

    private void runTo(VcpuState.RunningTo goal) {
        if (goal.mustStep() || debugger.mustStepBefore(goal.breakpoints())) {
            stepper.advance().ifPresent(_ -> goal.stepped());
            return;
        }
        boolean isThere = debugger.enter(goal.breakpoints()).filter(DebugStop::isBreakpoint).isPresent();
        if (isThere && state == goal && goal.arrive()) {
            state = VcpuState.HELD;
            goal.reached();
        }
    }

    private void step(VcpuState.Stepping step, boolean sleeps) {
        Optional<StepResult> result = sleeps ? Optional.of(new StepResult.Asleep()) : stepper.advance();
        if (result.isPresent() && state == step) {
            state = VcpuState.HELD;
            step.answer().complete(result.get());
        }
    }

    private void handle(Exit exit) {
        switch (exit) {
            case Exit.PortAccess(PortIo io) -> {
                if (!debugger.isBreakpoint(io) && !bus.access(io)) {
                    become(VcpuState.HELD); // the guest has switched its machine off
                }
            }
            case Exit.MemoryAccess(Mmio mmio) -> bus.access(mmio);
            case Exit.Halted _ -> entry.setHalted(!nmis.endHalt());
            case Exit.WindowOpen _,Exit.PriorityLowered _,Exit.Interrupted _,Exit.Woken _ -> {
                // the next pass looks at the window and at the inbox
            }
            case Exit.InterruptEnded(var eoi) -> bus.ended(eoi);
            case Exit.Debugged(var trap) -> debugger.trapped(trap);
            case Exit.ShutDown _ -> crash("a triple fault (KVM_EXIT_SHUTDOWN)");
            case Exit.EntryFailed(var details) -> crash(details.describe());
            case Exit.InternalError(var details) -> crash(details.describe());
            case Exit.Other(var details) -> crash(details.describe());
        }
    }

    private void crash(String how) {
        end(new VcpuEnd.Crashed(number, how));
    }

    /** Only the first end counts. */
    private void end(VcpuEnd end) {
        if (state instanceof VcpuState.Ended) {
            return;
        }
        try {
            if (!(end instanceof VcpuEnd.Stopped)) {
                listener.ended(end);
            }
        } finally {
            become(new VcpuState.Ended(end));
        }
    }

    /** Leaves the state; the thread that waits for what it was to reach is answered. */
    void become(VcpuState next) {
        VcpuState left = state;
        state = next;
        stepper.restart(); // another thread's step may be incomplete
        left.leaveFor(next);
    }

    private boolean hasWork() {
        boolean runs = !(state instanceof VcpuState.Held || state instanceof VcpuState.Ended);
        return stopping || inbox.hasTask()
                || runs && (nmis.wanted().get() > 0 || window.isPresent() && window.get().canInject());
    }

    /** For the vCPU's thread. */
    DebugEntry debugger() {
        return debugger;
    }

    /** Whether the guest sleeps. For the vCPU's thread, and before it starts. */
    public GuestSleep sleep() {
        return sleep;
    }

    /** The guest's access to a port or to memory that is open. For the vCPU's thread. */
    public OpenAccess access() {
        return new OpenAccess(entry);
    }

    /** A task has changed the guest's state. For the vCPU's thread. */
    public void changedByHand() {
        if (!(state instanceof VcpuState.Ended)) {
            entry.changedByHand();
        }
    }

    /** {@code KVM_INTERRUPT}, whatever the guest is doing; returns whether it had IF=1. For the vCPU's thread. */
    public boolean interruptNow(int vector) {
        return entry.interruptNow(vector);
    }
}
