package dev.interject.machine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.interject.guest.Mailbox;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Pending;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.StatisticsFile;
import dev.interject.machine.board.Mainboard;
import dev.interject.machine.vcpu.LinearMemory;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.machine.vcpu.VcpuCommands;
import dev.interject.machine.vcpu.VcpuEnd;

/**
 * One vCPU of a machine, for threads other than its own: reads it, changes it, holds it and steps it. Thread-safe.
 *
 * <p>A vCPU that is held can be inspected and interrupted as usual; only a command of this type lets it run again.
 * Other vCPUs run on, and so do the kernel's timers. A command ends the one before, also one of another thread.
 *
 * <p>Methods that need the vCPU fail with {@link dev.interject.machine.vcpu.VcpuEndedException} once it has ended, and
 * with another {@link IllegalStateException} if the machine has not been started or the vCPU does not come out of the
 * guest. A vCPU that crashed can still be inspected.
 */
public final class VcpuHandle {

    private static final long POLL_MILLIS = 1;
    /** How long a guest that is not open is watched at a time. */
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int LOOKS = 10;
    /** A guest that is at the same instruction this many times in a row stays there. */
    private static final int SAME = 4;

    private final Mainboard board;
    private final VcpuContext context;
    private final VcpuCommands commands;
    private final StateReader reader;
    private final List<VcpuContext> others;
    private final PageTables pageTables;

    /** @param vcpus all of the machine, this one too */
    VcpuHandle(Mainboard board, List<VcpuContext> vcpus, VcpuContext context) {
        this.board = board;
        this.context = context;
        this.commands = context.actor().commands();
        this.reader = new StateReader(board, context);
        this.others = vcpus.stream().filter(other -> other != context).toList();
        this.pageTables = new PageTables(board.memory(), context.number(), vcpus.size());
    }

    VcpuContext context() {
        return context;
    }

    /** Its number, from 0, which is also its APIC ID unless the guest changes that. */
    public int number() {
        return context.number();
    }

    // --- inspecting

    /**
     * Stops the vCPU between two instructions, reads its state, and lets it run on; before, does the same with the
     * other vCPUs, one after the other.
     */
    public GuestState inspect() {
        List<PeerState> peers = peers();
        return commands.call(() -> reader.read(peers));
    }

    /** On the calling thread, so that no vCPU's thread waits for another one's. */
    private List<PeerState> peers() {
        return others.stream()
                .map(other -> other.actor().commands().call(new StateReader(board, other)::peer))
                .toList();
    }

    /** As {@link #inspect()}, and reads more, such as what the guest counted, while the vCPU is out of the guest. */
    public <T> T inspect(Function<GuestState, T> more) {
        List<PeerState> peers = peers();
        return commands.call(() -> more.apply(reader.read(peers)));
    }

    /** As {@link #inspect()}, but only the vCPU itself: the others are not stopped, and may have ended. */
    public CpuState inspectCpu() {
        return commands.call(reader::cpu);
    }

    /**
     * Inspects the vCPU when it is open to a maskable interrupt; if it is not within the time, or has crashed, as it is
     * then.
     */
    public GuestState inspectWhenOpen(Duration time) {
        if (board.irqchip() == Irqchip.USERSPACE && end().isEmpty()) {
            List<PeerState> peers = peers();
            return commands.callWhenOpen(() -> reader.read(peers), time);
        }
        // The kernel does not report when a guest opens if the LAPIC is in the kernel and the guest sleeps: poll.
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(time);
        while (!inspectCpu().acceptsInterrupts() && end().isEmpty() && deadline - System.nanoTime() > 0) {
            pause();
        }
        GuestState state = inspect();
        return state.isOpen() || end().isPresent() || deadline - System.nanoTime() <= 0 ? state
                : inspectWhenOpen(Duration.ofNanos(deadline - System.nanoTime()));
    }

    /**
     * Inspects the vCPU when it is open to a maskable interrupt, sleeps or stays at one instruction. If none of these
     * happens within some tenths of a second (longer if the vCPU gets little CPU time) or within the given time, or if
     * the vCPU has crashed, it is inspected in its current state.
     */
    public GuestState inspectWhenSettled(Duration time) {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(time);
        GuestState state = inspectWhenOpen(LOOK);
        int same = 0;
        for (int looks = 1; looks < LOOKS && same < SAME && !state.isOpen() && !state.cpu().halted()
                && end().isEmpty() && deadline - System.nanoTime() > 0; looks++) {
            long before = state.cpu().registers().rip();
            state = inspectWhenOpen(LOOK);
            same = state.cpu().registers().rip() == before ? same + 1 : 0;
        }
        return state;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the guest", interrupted);
        }
    }

    /** Reads RAM at a linear address, by the vCPU's page tables; fewer bytes if the rest is not mapped or not RAM. */
    public byte[] readMemory(long linear, int length) {
        return commands.call(() -> new LinearMemory(context.vcpu(), board.memory())
                .read(context.vcpu().specialRegisters(), linear, length));
    }

    /** What the guest counted on this vCPU. */
    public Mailbox mailbox() {
        return context.mailbox();
    }

    /** What KVM counts for this vCPU, under the kernel's names; empty if it does not say. */
    public Map<String, Long> statistics() {
        return context.statistics().map(StatisticsFile::read).orElse(Map.of());
    }

    /** The rate of its time-stamp counter in kHz; empty if the host cannot say. */
    public OptionalInt tscKilohertz() {
        return commands.call(context.vcpu().timeStampCounter()::kilohertz);
    }

    /** Its time-stamp counter and the host's clock, read together while it is out of the guest. */
    public ClockReading readClock() {
        return commands.call(() -> ClockReading.of(context.vcpu().timeStampCounter()::read));
    }

    // --- changing

    /** Does something with the vCPU out of the guest, between two instructions, and lets it run on. */
    public <T> T freeze(Function<FrozenVcpu, T> work) {
        List<PeerState> peers = peers();
        return commands.call(() -> {
            try {
                return work.apply(new FrozenVcpu(context, board, reader, peers, pageTables));
            } finally {
                context.actor().changedByHand(); // also if the work failed in part
            }
        });
    }

    /**
     * Does something on the vCPU's thread as soon as the vCPU is open to an interrupt, or when the time is up.
     *
     * @throws UnsupportedOperationException if the 8259s are in the kernel: the vCPU has no interrupt window then
     */
    public <T> T whenOpen(Callable<T> work, Duration time) {
        return commands.callWhenOpen(work, time);
    }

    /**
     * Keeps the vCPU out of the guest while interrupts are injected, so that it takes none of them meanwhile.
     *
     * @param  injections run on the vCPU's thread
     * @param  patience   how long they may take
     * @return            what was pending before and after
     */
    public Pending.Change whileStopped(Runnable injections, Duration patience) {
        return commands.call(() -> {
            Pending before = reader.pending();
            injections.run();
            context.actor().nmis().request();
            return new Pending.Change(before, reader.pending());
        }, patience);
    }

    /**
     * Withdraws a vector that waits for a window, so that the guest gets no more of it.
     *
     * @return how many there were
     */
    public int withdraw(int vector) {
        return commands.call(() -> {
            boolean held = context.actor().window().map(window -> window.withdraw(vector)).orElse(false);
            return board.vectors().withdraw(vector) + (held ? 1 : 0);
        });
    }

    // --- holding and stepping

    /** Stops the vCPU between two instructions and keeps it out of the guest. */
    public void hold() {
        commands.hold();
    }

    /** Lets the guest run on. */
    public void resume() {
        commands.resume();
    }

    /** Whether it is held. */
    public boolean isHeld() {
        return commands.isHeld();
    }

    /** See {@link VcpuCommands#step}. */
    public StepResult step() {
        return commands.step();
    }

    /** See {@link VcpuCommands#runTo}. */
    public boolean runTo(long address, Duration patience) {
        return commands.runTo(address, patience);
    }

    /**
     * Injects with the vCPU out of the guest, and lets it run until it is about to execute the instruction at one of
     * some linear addresses, or the time is over; then it is held.
     *
     * @param  addresses  at most four, or none
     * @param  injections done on the vCPU's thread, just before it runs
     * @param  wanted     asked on the vCPU's thread when it gets to an address: whether it stays, rather than runs on
     * @return            when it got to where it stays, by {@link System#nanoTime()}; empty if it did not
     */
    public OptionalLong runTo(List<Long> addresses, Consumer<FrozenVcpu> injections, Predicate<FrozenVcpu> wanted,
            Duration patience) {
        FrozenVcpu frozen = new FrozenVcpu(context, board, reader, peers(), pageTables);
        return commands.runTo(addresses, () -> {
            injections.accept(frozen);
            context.actor().nmis().request();
        }, () -> wanted.test(frozen), patience);
    }

    /** See {@link VcpuCommands#openAccess}. */
    public boolean openAccess() {
        return commands.openAccess();
    }

    /** Lets it run, and holds it when the time is over. */
    public void runFor(Consumer<FrozenVcpu> injections, Duration time) {
        runTo(List.of(), injections, _ -> true, time);
    }

    /**
     * Whether it can be stopped at an address: with several vCPUs, only where the host's debug registers stop a guest.
     */
    public boolean hasBreakpoints() {
        return commands.hasBreakpoints();
    }

    /** How many times {@code KVM_INTERRUPT} has handed this vector to the vCPU in a window. */
    public long vectorsQueued(int vector) {
        return commands.call(() -> context.actor().window().map(window -> window.queued(vector)).orElse(0L));
    }

    /**
     * How the vCPU has ended; empty while it has not. A guest that reports an exception through its doorbell has not
     * ended: it sleeps, and can be inspected. Only waits for such a guest end, with {@link VcpuEnd.Crashed}.
     */
    public Optional<VcpuEnd> end() {
        return commands.end();
    }
}
