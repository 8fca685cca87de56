package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Deadline;
import dev.interject.experiment.run.RunMonitor;
import dev.interject.guest.BootMode;
import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.gate.GuestState;
import dev.interject.interrupt.gate.Prediction;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Route;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.FrozenVcpu;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;

/** A guest that spins, and whose controllers and flags are set at random before each interrupt. */
final class RandomScene implements AutoCloseable {

    /** Some thousand instructions of a guest, and some kicks: whatever is taken is taken by then. */
    private static final Duration RUN_ON = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How many times in a row nothing must change. */
    private static final int LOOKS = 2;
    private static final PicState MASKED = new PicState(0, 0, 0xff, 0, 0, 0x20, false, false, false, 0, false, false,
            false, true, 0, 0);
    private static final int PIN = 20;
    private static final int CASCADE = 2;
    private static final int IRR = 0x200;
    private static final int VECTORS_A_REGISTER = 32;

    /** What was predicted of one interrupt, and whether the guest took it. */
    record Shot(GuestState state, GatePath way, boolean expected, boolean taken) {

        Prediction prediction() {
            return way.prediction();
        }
    }

    /** An interrupt: what is set up before it, how it is looked at, and how it is injected. */
    private record Round(Consumer<FrozenVcpu> setUp, Function<GuestState, GatePath> way,
            Injector injector) {}

    private final Machine machine;
    private final Function<Random, Round> rounds;
    private final RunMonitor monitor = new RunMonitor(new Cancellation(), Deadline.after(Duration.ofDays(1)));

    private RandomScene(Irqchip irqchip, GuestImage image, Function<RandomScene, Function<Random, Round>> rounds) {
        this.machine = new Machine(
                new MachinePlan(irqchip, image, BootMode.LONG, BootParameters.lines(Set.of(), Trigger.EDGE)), monitor);
        this.rounds = rounds.apply(this);
        machine.start();
        monitor.awaitReady();
    }

    static RandomScene ofPics(Irqchip irqchip) {
        return new RandomScene(irqchip, BuiltinGuest.SPIN.image(), scene -> scene::picRound);
    }

    static RandomScene ofIoapic(Irqchip irqchip) {
        return new RandomScene(irqchip, GuestImage.ofResource("apic-spin"), scene -> scene::ioapicRound);
    }

    static RandomScene ofMessages(Irqchip irqchip) {
        return new RandomScene(irqchip, GuestImage.ofResource("apic-spin"), scene -> scene::messageRound);
    }

    /** Sets up a state, predicts, injects, resumes the guest, and compares. */
    Shot shoot(Random random) {
        Round round = rounds.apply(random);
        boolean open = random.nextInt(4) != 0;
        Shot[] shot = new Shot[1];
        long[] before = new long[1];
        awaitLoop();
        machine.vcpu(0).freeze(bench -> {
            round.setUp().accept(bench);
            bench.interruptFlag(open);
            GuestState state = bench.state();
            GatePath way = round.way().apply(state);
            before[0] = taken(way);
            bench.inject(round.injector());
            shot[0] = new Shot(state, way, isTakenInTheEnd(way), false);
            return null;
        });
        boolean taken = watch(shot[0], before[0]);
        round.injector().release();
        return new Shot(shot[0].state(), shot[0].way(), shot[0].expected(), taken);
    }

    /**
     * Nothing of the round before may be left: no handler, whose IRET would bring the flags of then, and nothing queued
     * at the vCPU, which no controller knows of any more.
     */
    private void awaitLoop() {
        machine.vcpu(0).freeze(bench -> {
            bench.pics(old -> MASKED, old -> MASKED);
            if (machine.irqchip().hasLapicInKernel()) {
                bench.lapic(RandomScene::withoutRequests);
            }
            bench.interruptFlag(true);
            return null;
        });
        long start = System.nanoTime();
        int quiet = 0;
        while (quiet < LOOKS) {
            GuestState state = machine.vcpu(0).inspect();
            boolean inLoop = machine.symbolAt(state.cpu().registers().rip()).startsWith("spinning");
            quiet = inLoop && !state.cpu().events().interruptInjected() ? quiet + 1 : 0;
            assertThat(System.nanoTime() - start).as("the guest never comes back").isLessThan(PATIENCE.toNanos());
        }
    }

    /** One that is merged with one that waits is taken with it, unless that one is held. */
    private static boolean isTakenInTheEnd(GatePath way) {
        Fate fate = way.prediction().fate();
        long closed = way.gates().stream().filter(gate -> !gate.isOpen()).count();
        return fate == Fate.TAKEN || fate == Fate.MERGES && closed == 1;
    }

    private boolean watch(Shot shot, long before) {
        long start = System.nanoTime();
        Duration patience = shot.expected() ? PATIENCE : RUN_ON;
        while (taken(shot.way()) == before && System.nanoTime() - start < patience.toNanos()) {
            LockSupport.parkNanos(50_000);
            machine.vcpu(0).inspect(); // a kick: a host may notice interrupts at exits only
        }
        return taken(shot.way()) > before;
    }

    private long taken(GatePath way) {
        return way.leadsToAVector() ? machine.vcpu(0).mailbox().taken(way.vector()) : 0;
    }

    // --- the 8259s

    private Round picRound(Random random) {
        int line = random.nextInt(3, 16);
        Trigger trigger = random.nextInt(3) == 0 ? Trigger.LEVEL : Trigger.EDGE;
        boolean kernel = machine.irqchip() == Irqchip.KERNEL;
        int lint0 = random.nextInt(6) == 0 ? 0x10700 : 0x700;
        PicState master = pic(random, 0x20, 0xf8, line < 8 ? line : 2);
        PicState slave = pic(random, 0x28, 0xde, line - 8);
        return new Round(bench -> {
            bench.pics(old -> master, old -> slave);
            if (machine.irqchip().hasLapicInKernel()) {
                bench.lapic(lapic -> lapic.withLint0(lint0));
            }
        }, state -> kernel
                ? Gates.ofKernelLine(state, Route.LINE, line, trigger)
                : Gates.ofUserspaceLine(state, line, trigger),
                kernel ? machine.injectors().kernelLine(line, trigger)
                        : machine.injectors().userspaceLine(line, trigger));
    }

    /** @param level the one that matters, which is masked or in service more often than others would be */
    private static PicState pic(Random random, int base, int elcrMask, int level) {
        int bit = level < 0 ? 0 : 1 << level;
        int imr = random.nextInt(256) & ~bit | (random.nextInt(4) == 0 ? bit : 0);
        int isr = random.nextInt(3) == 0 ? random.nextInt(256) & random.nextInt(256) : 0;
        int elcr = random.nextBoolean() ? random.nextInt(256) & elcrMask : 0;
        // the cascade's line is the slave's output, which no device can hold
        int high = random.nextInt(5) == 0 && level != CASCADE ? bit & ~elcr : 0;
        return new PicState(high, 0, imr, isr, random.nextInt(3) == 0 ? random.nextInt(8) : 0, base, false, false,
                random.nextInt(5) == 0, 0, random.nextInt(5) == 0, false, random.nextInt(5) == 0, true, elcr, elcrMask);
    }

    // --- IOAPIC, LAPIC, messages

    private Round ioapicRound(Random random) {
        Trigger trigger = Trigger.EDGE;
        long bits = vector(random) | mode(random) << 8 | (random.nextInt(5) == 0 ? 1L << 16 : 0)
                | (random.nextInt(5) == 0 ? 1L << 13 : 0) | destination(random) << 56
                | (random.nextInt(5) == 0 ? 1L << 11 : 0);
        Function<LapicRegisters, LapicRegisters> lapic = lapic(random);
        return new Round(bench -> {
            bench.redirection(PIN, old -> new Redirection(bits));
            bench.lapic(lapic::apply);
        }, state -> Gates.ofKernelLine(state, Route.LINE, PIN, trigger),
                machine.irqchip() == Irqchip.KERNEL
                        ? machine.injectors().kernelLine(PIN, trigger)
                        : machine.injectors().ioapicPin(PIN, trigger));
    }

    private Round messageRound(Random random) {
        int address = (random.nextInt(12) == 0 ? 0xfed00000 : 0xfee00000) | (int) destination(random) << 12
                | (random.nextInt(5) == 0 ? 1 << 2 : 0);
        MsiMessage message = new MsiMessage(address, (int) (vector(random) | mode(random) << 8));
        Function<LapicRegisters, LapicRegisters> lapic = lapic(random);
        return new Round(bench -> bench.lapic(lapic::apply), state -> Gates.ofMessage(state, Route.MSI, message),
                machine.injectors().message(message));
    }

    /** Not an exception's, which would end the guest, and not the one by which it is asked for IPIs. */
    private static long vector(Random random) {
        return random.nextInt(12) == 0 ? random.nextInt(0x10) : random.nextInt(0x20, 0xf0);
    }

    /** Fixed or lowest priority, and at times ExtINT; NMI, SMI and INIT would end the guest. */
    private static long mode(Random random) {
        return random.nextInt(10) == 0 ? 7 : random.nextInt(2);
    }

    private static long destination(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> 0xff;
            case 1 -> random.nextInt(256);
            default -> 0;
        };
    }

    private static Function<LapicRegisters, LapicRegisters> lapic(Random random) {
        boolean enabled = random.nextInt(8) != 0;
        int priority = random.nextInt(3) == 0 ? random.nextInt(256) : 0;
        int logical = random.nextInt(256) << 24;
        int format = random.nextBoolean() ? 0xffffffff : 0x0fffffff;
        return lapic -> withoutRequests(lapic).withSoftwareEnabled(enabled)
                .withTaskPriority(priority)
                .withRegister(0xd0, logical)
                .withRegister(0xe0, format);
    }

    private static LapicRegisters withoutRequests(LapicRegisters lapic) {
        LapicRegisters cleared = lapic;
        for (int vector = 0; vector < 256; vector += VECTORS_A_REGISTER) {
            cleared = cleared.withRegister(IRR + vector / VECTORS_A_REGISTER * 16, 0);
        }
        return cleared;
    }

    @Override
    public void close() {
        machine.close();
    }
}
