package dev.interject.machine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.interject.device.PortBus;
import dev.interject.interrupt.InterruptWindow;
import dev.interject.interrupt.Kick;
import dev.interject.kvm.Exit;
import dev.interject.kvm.Mmio;
import dev.interject.kvm.PortIo;
import dev.interject.kvm.Vcpu;
import dev.interject.linux.KickSignal;

/**
 * Runs one vCPU on a platform thread of its own: all its ioctls are made here, between two runs.
 *
 * <p>How it is brought out of the guest: whoever wants something first leaves word (an errand, a line, a vector), then
 * {@link #kick kicks}. The kick sets {@code immediate_exit}, which closes the race with an entry that is about to happen,
 * and sends the signal, which ends one that has. This thread clears it first and looks for word afterwards, so none is
 * overlooked.
 */
final class VcpuThread implements Kick {

    private enum Place {
        /** On this thread, in Java. */
        OUTSIDE,
        /** In {@code KVM_RUN}, or just before or after it. */
        IN_GUEST,
        /** Asleep, since the guest is halted or has ended. */
        PARKED,
        /** The thread is done; its number may soon be another thread's. */
        GONE
    }

    private final Vcpu vcpu;
    private final InterruptWindow window;
    private final PortBus ports;
    private final MachineListener listener;
    private final Thread thread;
    private final Errands errands = new Errands(this);
    private final AtomicInteger nmis = new AtomicInteger();
    private final Object sending = new Object();

    private volatile Place place = Place.OUTSIDE;
    private volatile boolean stopping;
    private KickSignal signal;
    private boolean halted;
    private boolean ended;
    /** HLT exits even while an NMI waits that arrived in the handler of another; only then is it worth a look. */
    private boolean nmiAsked;

    /** @param window gives the vCPU vectors from outside; null where the controllers are in the kernel */
    VcpuThread(Vcpu vcpu, InterruptWindow window, PortBus ports, MachineListener listener) {
        this.vcpu = vcpu;
        this.window = window;
        this.ports = ports;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("vcpu-0").unstarted(this::live);
    }

    void start() {
        thread.start();
    }

    /** Ends the thread. Returns when the vCPU is out of the guest for good; does nothing the second time. */
    void stop() {
        stopping = true;
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        kick();
        try {
            thread.join(Errands.PATIENCE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException("the vCPU does not come out of the guest");
        }
    }

    /** What other threads want done on this one. */
    Errands errands() {
        return errands;
    }

    @Override
    public void kick() {
        vcpu.setImmediateExit(true);
        switch (place) {
            case IN_GUEST -> sendSignal();
            case PARKED -> LockSupport.unpark(thread);
            case OUTSIDE, GONE -> {
                // it looks for word before it enters the guest again
            }
        }
    }

    private void sendSignal() {
        // A signal to a thread that has ended could hit another thread that got its number, and end the process.
        synchronized (sending) {
            if (place == Place.IN_GUEST) {
                signal.send();
            }
        }
    }

    private void live() {
        try {
            signal = KickSignal.blockedInThisThread();
            vcpu.setSignalMask(signal.maskThatLetsItThrough());
            while (!stopping) {
                vcpu.setImmediateExit(false);
                errands.runAll();
                if (errands.wantsWindow() && window.isOpen()) {
                    errands.runForOpenGuest();
                }
                if (!stopping) {
                    step();
                }
            }
        } catch (RuntimeException | Error failure) {
            fail(failure);
        } finally {
            leave();
        }
    }

    /** After this no signal comes; those that came late are taken away, since they would end the process. */
    private void leave() {
        synchronized (sending) {
            place = Place.GONE;
        }
        // When a thread ends, HotSpot restores the signal mask that it was created with, which does not block ours.
        if (signal != null) {
            signal.consume();
        }
    }

    /** Keeps running errands after a failure, so that one can still look at the vCPU. */
    private void fail(Throwable failure) {
        ended = true;
        listener.failed(failure);
        while (!stopping) {
            errands.runAll();
            sleepUntilKicked();
        }
    }

    private void step() {
        if (ended) {
            sleepUntilKicked();
            return;
        }
        boolean injected = window != null && window.beforeRun(errands.wantsWindow());
        boolean nmi = askForNmis();
        if (halted && !injected && !nmi) {
            sleepUntilKicked();
            return;
        }
        halted = false;
        place = Place.IN_GUEST;
        Exit exit = vcpu.run();
        place = Place.OUTSIDE;
        if (window != null) {
            window.afterRun();
        }
        handle(exit);
    }

    /** Each is an ioctl of its own, so that the kernel sees as many as there are, and collapses them by its own rule. */
    private boolean askForNmis() {
        boolean any = false;
        for (int left = nmis.get() == 0 ? 0 : nmis.getAndSet(0); left > 0; left--) {
            vcpu.nmi();
            nmiAsked = true;
            any = true;
        }
        return any;
    }

    private void handle(Exit exit) {
        switch (exit) {
            case Exit.PortAccess(PortIo io) -> access(io);
            case Exit.Interrupted interrupted -> signal.consume();
            case Exit.Halted hlt -> halted = !(nmiAsked && vcpu.events().nmiPending());
            case Exit.WindowOpen open -> {
                // the next look at the window makes use of it
            }
            case Exit.MemoryAccess(Mmio mmio) -> {
                if (!mmio.isWrite()) {
                    mmio.answer(-1); // nobody is there: all ones, as on a bus
                }
            }
            case Exit.ShutDown shutDown -> end("a triple fault (KVM_EXIT_SHUTDOWN)");
            case Exit.EntryFailed(var details) -> end(details.describe());
            case Exit.InternalError(var details) -> end(details.describe());
            case Exit.Other(var details) -> end(details.describe());
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

    private void end(String how) {
        ended = true;
        listener.crashed(how);
    }

    private void sleepUntilKicked() {
        place = Place.PARKED;
        // Word left before PARKED was visible came without an unpark; so look once more before sleeping.
        boolean work = !errands.isEmpty() || !ended && (nmis.get() > 0 || window != null && window.canInject());
        if (!work && !stopping) {
            LockSupport.park(this);
        }
        place = Place.OUTSIDE;
    }

    /** How many NMIs this thread is to ask for before it enters the guest again; whoever adds to it kicks. */
    AtomicInteger nmis() {
        return nmis;
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
