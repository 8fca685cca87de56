package dev.interject.machine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

import dev.interject.device.MmioBus;
import dev.interject.device.PortBus;
import dev.interject.interrupt.InterruptWindow;
import dev.interject.interrupt.Kick;
import dev.interject.kvm.Exit;
import dev.interject.kvm.Mmio;
import dev.interject.kvm.PortIo;
import dev.interject.kvm.Vcpu;
import dev.interject.kvm.VcpuEvents;

/** Runs one vCPU on a platform thread of its own: all its ioctls are made here, between two runs. */
final class VcpuThread {

    private static final Duration KICK_AGAIN = Duration.ofMillis(100);

    private final int number;
    private final Vcpu vcpu;
    private final InterruptWindow window;
    private final PortBus ports;
    private final MmioBus memory;
    private final IntConsumer endOfInterrupt;
    private final MachineListener listener;
    private final Thread thread;
    private final Kicker kicker;
    private final Errands errands;
    private final AtomicInteger nmis = new AtomicInteger();
    /** Made once, so that going to sleep allocates nothing. */
    private final BooleanSupplier word = this::hasWord;

    private volatile boolean stopping;
    private boolean halted;
    /** The last exit was a port or memory access, which the next run completes. */
    private boolean accessIsOpen;
    private boolean ended;
    /** HLT exits even while an NMI waits that arrived in the handler of another; only then is it worth a look. */
    private boolean nmiAsked;

    /**
     * @param number         the vCPU's, from 0
     * @param window         gives the vCPU vectors from outside; null where none come from there
     * @param memory         what lies beside RAM
     * @param endOfInterrupt hears the vectors whose EOI an IOAPIC outside the kernel waits for
     */
    VcpuThread(int number, Vcpu vcpu, InterruptWindow window, PortBus ports, MmioBus memory,
            IntConsumer endOfInterrupt, MachineListener listener) {
        this.number = number;
        this.vcpu = vcpu;
        this.kicker = new Kicker(vcpu);
        this.errands = new Errands(kicker);
        this.window = window;
        this.ports = ports;
        this.memory = memory;
        this.endOfInterrupt = endOfInterrupt;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("vcpu-" + number).unstarted(this::live);
    }

    void start() {
        thread.start();
    }

    /**
     * Ends the thread. Returns when the vCPU is out of the guest for good; does nothing the second time.
     *
     * @throws IllegalStateException if it does not come out; what it runs on must then not be given back
     */
    void stop() {
        stopping = true;
        boolean interrupted = false;
        long deadline = System.nanoTime() + Errands.PATIENCE.toNanos();
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

    Kick kicker() {
        return kicker;
    }

    /** What other threads want done on this one. */
    Errands errands() {
        return errands;
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
                    step();
                }
            }
        } catch (RuntimeException | Error failure) {
            fail(failure);
        } finally {
            kicker.disarm();
        }
    }

    /** Keeps running errands after a failure, so that one can still look at the vCPU. */
    private void fail(Throwable failure) {
        ended = true;
        listener.failed(failure);
        while (!stopping) {
            errands.runAll();
            kicker.sleepUnless(word);
        }
    }

    private void step() {
        if (ended) {
            kicker.sleepUnless(word);
            return;
        }
        boolean injected = window != null && window.beforeRun(errands.wantsWindow());
        askForNmis();
        // one that an errand has asked for ends HLT as well
        if (halted && !injected && !(nmiAsked && nmiCanEnter())) {
            kicker.sleepUnless(word);
            return;
        }
        halted = false;
        enter();
    }

    private void enter() {
        kicker.enterGuest();
        Exit exit = vcpu.run();
        kicker.leaveGuest();
        accessIsOpen = false;
        if (window != null) {
            window.afterRun();
        }
        handle(exit);
    }

    /** One that is masked, since another is being handled, does not end HLT. */
    private boolean nmiCanEnter() {
        VcpuEvents events = vcpu.events();
        return events.nmiPending() && !events.nmiMasked();
    }

    /**
     * Each is an ioctl of its own, so that the kernel sees as many as there are, and collapses them by its own rule.
     */
    private void askForNmis() {
        for (int left = nmis.get() == 0 ? 0 : nmis.getAndSet(0); left > 0; left--) {
            vcpu.nmi();
            nmiAsked = true;
        }
    }

    private void handle(Exit exit) {
        switch (exit) {
            case Exit.PortAccess(PortIo io) -> {
                accessIsOpen = true;
                access(io);
            }
            case Exit.Interrupted interrupted -> kicker.consumeSignal();
            case Exit.Halted hlt -> halted = !(nmiAsked && nmiCanEnter());
            case Exit.Woken woken -> {
                // it begins, or waits on, at the next run
            }
            case Exit.WindowOpen open -> {
                // the next look at the window makes use of it
            }
            case Exit.PriorityLowered lowered -> {
                // no LAPIC of ours holds anything by priority
            }
            case Exit.MemoryAccess(Mmio mmio) -> {
                accessIsOpen = true;
                access(mmio);
            }
            case Exit.InterruptEnded(var eoi) -> endOfInterrupt.accept(eoi.vector());
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

    private void access(PortIo io) {
        for (int i = 0; i < io.count(); i++) {
            if (io.isWrite()) {
                ports.write(io.port(), io.width(), io.value(i));
            } else {
                io.answer(i, ports.read(io.port(), io.width()));
            }
        }
    }

    private void access(Mmio mmio) {
        if (mmio.isWrite()) {
            memory.write(mmio.address(), mmio.width(), mmio.value());
        } else {
            mmio.answer(memory.read(mmio.address(), mmio.width()));
        }
    }

    private void end(String how) {
        ended = true;
        listener.crashed(number, how);
    }

    private boolean hasWord() {
        return stopping || !errands.isEmpty()
                || !ended && (nmis.get() > 0 || window != null && window.canInject());
    }

    /** Takes back a vector that the window has in hand; says whether it had. On this thread. */
    boolean withdraw(int vector) {
        return window != null && window.withdraw(vector);
    }

    /** How many NMIs this thread is to ask for before it enters the guest again; whoever adds to it kicks. */
    AtomicInteger nmis() {
        return nmis;
    }

    /** Hands over, now, what other threads have left to be asked for. On this thread. */
    void deliverNmis() {
        askForNmis();
    }

    /** Whether the guest sleeps in HLT. On this thread; told only where the LAPIC is not in the kernel. */
    boolean isHalted() {
        return halted;
    }

    /** Queues a vector at once, whatever the guest is doing, and lets it run on; says whether the guest had IF=1. */
    boolean interruptNow(int vector) {
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
