package dev.interject.experiment.situation;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;
import dev.interject.machine.MachineSleep;
import dev.interject.machine.VcpuHandle;
import dev.interject.machine.snapshot.PieceOrder;
import dev.interject.machine.snapshot.Snapshot;
import dev.interject.machine.vcpu.MachineListener;
import dev.interject.machine.vcpu.StepResult;
import dev.interject.machine.vcpu.VcpuEnd;

/**
 * A built-in guest that is brought into a situation, or runs on from it in another machine. Its devices de-assert a
 * level-triggered line when a handler reports that it has taken an interrupt.
 *
 * <p>Methods that wait throw {@link EndedEarlyException} if the guest ends, the user cancels or the time is up.
 */
public final class StagedGuest implements AutoCloseable {

    /** How long the guest runs towards a symbol before the deadline and the user's cancellation are checked again. */
    private static final Duration SLICE = Duration.ofMillis(100);
    private static final long LOOK_EVERY_NANOS = 50_000;
    /**
     * The time-stamp counter at the start: that of a guest which has run for tens of seconds. So a timer is far off if
     * the counter is not restored, or too late.
     */
    private static final long UPTIME = 1L << 36;

    private final Cancellation cancellation;
    private final Deadline deadline;
    private final Staging staging;
    private final Machine machine;
    private final Set<Integer> raised = ConcurrentHashMap.newKeySet();
    private volatile boolean ready;
    private int slower = 1;
    private volatile Optional<VcpuEnd> end = Optional.empty();

    private StagedGuest(Staging staging, Irqchip irqchip, int vcpus, boolean blank, Deadline deadline,
            Cancellation cancellation) {
        this.staging = staging;
        this.cancellation = cancellation;
        this.deadline = deadline;
        MachinePlan plan = staging.plan(irqchip, vcpus);
        this.machine = blank ? Machine.blank(plan, new Events()) : new Machine(plan, new Events());
    }

    /** A guest that is held before its first instruction. */
    public static StagedGuest start(Staging staging, Irqchip irqchip, int vcpus, Deadline deadline,
            Cancellation cancellation) {
        StagedGuest guest = new StagedGuest(staging, irqchip, vcpus, false, deadline, cancellation);
        try {
            guest.machine.transfer().setTimeStampCounter(UPTIME);
            guest.machine.startHeld();
            return guest;
        } catch (RuntimeException | Error failed) {
            guest.close();
            throw failed;
        }
    }

    /** A machine in which nothing runs yet, and nothing is loaded. */
    public static StagedGuest blank(Staging staging, Irqchip irqchip, int vcpus, Deadline deadline,
            Cancellation cancellation) {
        return new StagedGuest(staging, irqchip, vcpus, true, deadline, cancellation);
    }

    private final class Events implements MachineListener {

        @Override
        public void ready() {
            ready = true;
            staging.answer().ifPresent(line -> machine.line(line).pulse());
        }

        @Override
        public void taken(int vcpu, int vector) {
            raised.removeIf(line -> {
                machine.line(line).lower();
                return true;
            });
        }

        @Override
        public void fault(int vcpu, int vector) {
            ended(new VcpuEnd.Crashed(vcpu, "exception %d stopped it".formatted(vector)));
        }

        @Override
        public void ended(VcpuEnd how) {
            end = end.or(() -> Optional.of(how));
        }
    }

    /** Its machine, which it owns. */
    public Machine machine() {
        return machine;
    }

    /** How a vCPU has ended; empty while none has. */
    public Optional<VcpuEnd> end() {
        return end;
    }

    /** Whether the time is up, or the user has cancelled. */
    public boolean isOver() {
        return deadline.isOver() || cancellation.isRequested();
    }

    /** The lines that a device holds high. */
    public Set<Integer> raised() {
        return Set.copyOf(raised);
    }

    // --- on the way to a situation

    /** Lets vCPU 0 run until it is about to execute the first instruction of a symbol, and holds it. */
    void runTo(String symbol) {
        long address = address(symbol);
        await(() -> machine.vcpu(0).runTo(address, SLICE), "the guest did not reach " + symbol);
    }

    /** Where a symbol of the guest is. */
    public long address(String symbol) {
        return machine.addressOf(symbol).orElseThrow(() -> new IllegalArgumentException("no symbol " + symbol));
    }

    /** Has vCPU 0, which is held, execute instructions or take interrupts, until it sleeps. */
    public void step(int count) {
        for (int i = 0; i < count; i++) {
            StepResult result = machine.vcpu(0).step();
            if (result instanceof StepResult.Asleep) {
                return;
            }
        }
    }

    /** Has vCPU 0, which is held before an access to a port or to memory, execute it, and keeps the access open. */
    void access() {
        await(machine.vcpu(0)::openAccess, "the guest does not access what it should");
    }

    /** Lets the guest run until all its vCPUs sleep, and holds them. */
    void sleep() {
        resume();
        await(() -> ready, "the guest did not report that it is ready");
        await(() -> new MachineSleep(machine).lasts(), "the guest did not come to sleep");
        hold();
    }

    /** By which factor the period of its timer is longer than the situation has it. */
    public int slower() {
        return slower;
    }

    /** How long its timer takes for all its ticks; 0 without one. */
    long timerNanos() {
        return slower * staging.timerNanos();
    }

    /** Has the guest arm its timer when it is ready, its period longer by a factor, and holds it when it sleeps. */
    void armTimer(int ticks, int period, int factor) {
        slower = factor;
        resume();
        await(() -> ready, "the guest did not report that it is ready");
        machine.command(ticks);
        machine.command(period);
        await(() -> machine.vcpu(0).mailbox().armedAt() != 0 && new MachineSleep(machine).lasts(),
                "the guest did not arm its timer");
        hold();
    }

    /** Waits while the vCPUs are held, and the kernel's timers run on. */
    void pause(Duration time) {
        Deadline until = Deadline.after(time);
        await(until::isOver, "the guest was held for a while");
    }

    /** Holds all vCPUs. */
    public void hold() {
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            machine.vcpu(vcpu).hold();
        }
    }

    /** Lets all vCPUs run on; the boot vCPU last, since it waits for those that it starts. */
    public void resume() {
        for (int vcpu = machine.vcpus() - 1; vcpu >= 0; vcpu--) {
            machine.vcpu(vcpu).resume();
        }
    }

    private void await(BooleanSupplier reached, String otherwise) {
        while (!reached.getAsBoolean()) {
            require(end.isEmpty(), () -> "the guest ended: " + end.orElseThrow().describe());
            require(!isOver(), () -> (deadline.isOver() ? "the time was up: " : "") + deadline.slowCall() + otherwise);
            LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
        }
    }

    private void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new EndedEarlyException(cancellation.isRequested() ? Outcome.INTERRUPTED
                    : deadline.isOver() ? Outcome.TIMED_OUT : Outcome.GUEST_CRASHED, otherwise.get());
        }
    }

    // --- what is pending in a situation

    /** Takes a line high and low again. */
    void pulse(int line) {
        machine.line(line).pulse();
    }

    /** Takes a level-triggered line high; it stays so until it has been taken. */
    void raise(int line) {
        raised.add(line);
        machine.line(line).raise();
    }

    /**
     * What is known of the machine before.
     *
     * @param lines  those that a device has raised
     * @param factor that of {@link #slower}
     */
    public void adopt(Set<Integer> lines, int factor) {
        raised.addAll(lines);
        slower = factor;
    }

    /** Sends a message to a vCPU's LAPIC. */
    void message(int vcpu, int vector) {
        machine.injectors().message(MsiMessage.fixed(vcpu, vector)).inject();
    }

    /** Makes an NMI pending. */
    void nmi(int vcpu) {
        machine.vcpu(vcpu).freeze(frozen -> frozen.inject(machine.injectors().nmi(vcpu)));
    }

    /** Queues a vector for the next interrupt window. */
    void vector(int vector) {
        machine.injectors().vector(vector).inject();
    }

    /** Sets values of vCPU 0 and of the controllers; a vCPU that is held stays so. */
    void set(String... settings) {
        Situation.of(settings).applyTo(machine, 0).resume();
    }

    /** Writes 32 bits at a symbol of the guest. */
    void write(String symbol, int value) {
        machine.memory()
                .write(address(symbol), (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24));
    }

    // --- restoring

    /** Writes the pieces of a saved state. */
    public void restore(Snapshot snapshot, PieceOrder order) {
        machine.transfer().restore(snapshot, order);
    }

    /** Lets a restored guest run. */
    public void run() {
        machine.start();
    }

    /** vCPU 0. */
    public VcpuHandle boot() {
        return machine.vcpu(0);
    }

    /** How it is brought into its situation. */
    public Staging staging() {
        return staging;
    }

    @Override
    public void close() {
        machine.close();
    }
}
