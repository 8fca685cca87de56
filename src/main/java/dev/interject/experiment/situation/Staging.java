package dev.interject.experiment.situation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.Capability;
import dev.interject.machine.MachinePlan;

/** How a guest comes into a situation, and what it takes afterwards. */
public final class Staging {

    private static final int TIMER_VECTOR = 0x40;
    private static final int PIT_VECTOR = 0x20;
    /** A PIT's input clock, and as many nanoseconds. */
    private static final long PIT_HERTZ = 1_193_182;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** A PIT's count has 16 bits. */
    private static final long LONGEST_PIT_NANOS = 0xffff * NANOS_PER_SECOND / PIT_HERTZ;
    /** In 31 bits, with a time-stamp counter of up to 5 GHz. */
    private static final long LONGEST_DEADLINE_NANOS = NANOS_PER_SECOND * 2 / 5;
    /** In 32 bits. */
    private static final long LONGEST_LAPIC_NANOS = 4 * NANOS_PER_SECOND;

    private final BuiltinGuest guest;
    private final Set<Integer> lines;
    private final List<Consumer<StagedGuest>> steps = new ArrayList<>();
    private final List<Consumer<StagedGuest>> later = new ArrayList<>();
    private final List<Expected> expected = new ArrayList<>();
    private Set<Irqchip> irqchips;
    private Trigger trigger = Trigger.EDGE;
    private boolean needsEoi;
    private int vcpus = 1;
    private long timerNanos;
    private int ticks;
    private int pauseMillis;
    private boolean isDone;
    private OptionalInt signalled = OptionalInt.empty();
    private OptionalInt answer = OptionalInt.empty();
    private Set<Capability> needs = Set.of();
    private String symbol = "";
    private int offset;

    private Staging(BuiltinGuest guest, Set<Integer> lines) {
        this.guest = guest;
        this.lines = lines;
        this.irqchips = guest.handles(GuestInput.LAPIC) || guest.handles(GuestInput.LAPIC_TIMER)
                ? EnumSet.of(Irqchip.KERNEL, Irqchip.SPLIT)
                : EnumSet.allOf(Irqchip.class);
    }

    /** @param lines those that the guest opens */
    static Staging of(BuiltinGuest guest, int... lines) {
        return new Staging(guest, IntStream.of(lines).boxed().collect(Collectors.toSet()));
    }

    Staging on(Irqchip... some) {
        irqchips = EnumSet.copyOf(List.of(some));
        return this;
    }

    Staging level() {
        trigger = Trigger.LEVEL;
        return this;
    }

    /** Shows something only with a LAPIC that keeps an interrupt in service until its EOI. */
    Staging eoi() {
        needsEoi = true;
        return this;
    }

    /** It is on hosts whose KVM has these. */
    Staging needs(Capability... some) {
        needs = Set.of(some);
        return this;
    }

    Staging two() {
        vcpus = 2;
        return this;
    }

    /** What brings the guest, which is held before its first instruction, into the situation. */
    Staging then(Consumer<StagedGuest> step) {
        steps.add(step);
        return this;
    }

    /** The guest has taken its ticks, and sleeps. */
    Staging done() {
        isDone = true;
        return then(StagedGuest::sleep);
    }

    /** What happens when the guest, restored, has come to rest. */
    Staging later(Consumer<StagedGuest> step) {
        later.add(step);
        return this;
    }

    Staging expect(int vector, int times) {
        return expectAt(0, vector, times);
    }

    Staging expectAt(int vcpu, int vector, int times) {
        expected.add(new Expected(vcpu, vector, times));
        return this;
    }

    /** The eventfd of this GSI is signalled between the two machines. */
    Staging signalled(int gsi) {
        signalled = OptionalInt.of(gsi);
        return this;
    }

    /** A device pulses this line whenever the guest reports that it is ready. */
    Staging answers(int line) {
        answer = OptionalInt.of(line);
        return this;
    }

    /** The address to which the handler returns: elsewhere, the interrupt was taken at the wrong instruction. */
    Staging interruptedAt(String where, int bytes) {
        symbol = where;
        offset = bytes;
        return this;
    }

    /**
     * The guest arms its timer.
     *
     * @param count how many it takes
     * @param nanos the period
     * @param pause for how many milliseconds the vCPUs are stopped before they are saved
     */
    Staging timer(int count, int nanos, int pause) {
        timerNanos = (long) count * nanos;
        ticks = count;
        boolean isPit = guest.handles(GuestInput.PIT);
        pauseMillis = pause;
        return expect(isPit ? PIT_VECTOR : TIMER_VECTOR, count);
    }

    /** The count that the guest programs. */
    private static int period(StagedGuest staged, long nanos) {
        long kilohertz = staged.boot().tscKilohertz().orElse(1_000_000);
        return (int) switch (staged.staging().guest().timer().orElseThrow()) {
            case PIT -> Math.ceilDiv(nanos * PIT_HERTZ, NANOS_PER_SECOND);
            case DEADLINE -> nanos * kilohertz / 1_000_000;
            case ONE_SHOT, PERIODIC -> nanos;
        };
    }

    /** The guest that is brought into the situation. */
    public BuiltinGuest guest() {
        return guest;
    }

    /** With which irqchips there is such a situation. */
    public Set<Irqchip> irqchips() {
        return irqchips;
    }

    /**
     * The guest's machine.
     *
     * @param least how many vCPUs it has at least
     */
    public MachinePlan plan(Irqchip irqchip, int least) {
        return MachinePlan.of(guest, irqchip, new BootParameters(lines, trigger, 0, Math.max(vcpus, least)))
                .needing(needs);
    }

    /**
     * Brings a guest, which is held before its first instruction, into the situation.
     *
     * @param slower by which factor its timer's period is longer, up to {@link #slowest}
     */
    public void bring(StagedGuest staged, int slower) {
        if (ticks > 0) {
            staged.armTimer(ticks, period(staged, slower * timerNanos / ticks), slower);
            staged.pause(Duration.ofMillis((long) slower * pauseMillis));
        }
        steps.forEach(step -> step.accept(staged));
    }

    /** By which factor the period of the guest's timer can be made longer; 1 without a timer. */
    public int slowest() {
        if (ticks == 0) {
            return 1;
        }
        long longest = switch (guest.timer().orElseThrow()) {
            case PIT -> LONGEST_PIT_NANOS;
            case DEADLINE -> LONGEST_DEADLINE_NANOS;
            case ONE_SHOT, PERIODIC -> LONGEST_LAPIC_NANOS;
        };
        return (int) (longest * ticks / timerNanos);
    }

    /** Whether a guest that was just brought there is in the situation; its timer may have ticked before. */
    public boolean isReached(StagedGuest staged) {
        if (ticks == 0 || isDone) {
            return true;
        }
        Counted counted = Counted.by(staged.machine());
        boolean pending = expected.stream().allMatch(one -> counted.of(one.vcpu(), one.vector()) == 0);
        return pending && (pauseMillis > 0 || RestWatch.isTimerArmed(staged.boot().inspect()));
    }

    /** What happens to the restored guest when it has come to rest, step by step. */
    public List<Consumer<StagedGuest>> later() {
        return later;
    }

    /** What the guest takes from its start on. */
    public List<Expected> expected() {
        return expected;
    }

    /** How long the guest's timer takes for all its ticks, if its period is not made longer; 0 without one. */
    long timerNanos() {
        return timerNanos;
    }

    /** Whether it shows something only where the LAPIC keeps an interrupt in service until its EOI. */
    public boolean needsEoi() {
        return needsEoi;
    }

    /** How many ticks of a timer it takes; 0 without one. */
    public int ticks() {
        return ticks;
    }

    /** The GSI whose eventfd is signalled between the two machines; empty if there is none. */
    public OptionalInt signalled() {
        return signalled;
    }

    /** The line that a device pulses whenever the guest reports that it is ready; empty if none does. */
    OptionalInt answer() {
        return answer;
    }

    /** Where the handler must return to; empty if anywhere. */
    public OptionalLong returnAddress(StagedGuest staged) {
        return symbol.isEmpty() ? OptionalLong.empty() : OptionalLong.of(staged.address(symbol) + offset);
    }
}
