package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.interject.device.Ioapic;
import dev.interject.device.PicState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Gates;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.state.GuestState;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.FrozenVcpu;
import dev.interject.machine.Machine;

/** An interrupt and the state that it meets, at random, for a machine. */
final class RandomRounds {

    private static final int PIN = 20;
    private static final int CASCADE = 2;
    private static final int IRR = 0x200;
    private static final int VECTORS_A_REGISTER = 32;
    private static final int LINES = 16;
    private static final int IOAPIC = 2;

    /** What is set up before the interrupt, how it is looked at, and how it is injected. */
    record Round(Consumer<FrozenVcpu> setUp, Function<GuestState, GatePath> path, Injector injector) {}

    private final Machine machine;

    RandomRounds(Machine machine) {
        this.machine = machine;
    }

    // --- the 8259s

    Round picRound(Random random) {
        int line = random.nextInt(1, 16);
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

    // --- routes

    /** Each pin belongs to one GSI at most. */
    static List<GsiRoute> routes(Random random) {
        List<Integer> lines = new ArrayList<>(IntStream.range(0, LINES).boxed().toList());
        List<Integer> pins = new ArrayList<>(IntStream.range(0, Ioapic.PINS).boxed().toList());
        Collections.shuffle(lines, random);
        Collections.shuffle(pins, random);
        List<GsiRoute> routes = new ArrayList<>();
        for (int gsi = 0; gsi < Ioapic.PINS - 1; gsi++) {
            if (gsi % 8 == 7) {
                routes.add(new GsiRoute.ToMessage(gsi, MsiMessage.fixed(0, 0x60 + gsi)));
                continue;
            }
            if (gsi < LINES) {
                int line = lines.get(gsi);
                routes.add(new GsiRoute.ToPin(gsi, line / 8, line % 8));
            }
            if (random.nextInt(4) != 0) {
                routes.add(new GsiRoute.ToPin(gsi, IOAPIC, pins.get(gsi)));
            }
        }
        return routes;
    }

    Round routeRound(Random random) {
        int gsi = random.nextInt(Ioapic.PINS);
        // a guest with APICs has no handler that looks whether level 7 is spurious
        PicState master = withoutAutoEoi(pic(random, 0x20, 0xf8, random.nextInt(8)));
        PicState slave = withoutAutoEoi(pic(random, 0x28, 0xde, random.nextInt(8)));
        List<Long> entries = IntStream.range(0, Ioapic.PINS).mapToObj(_ -> entry(random)).toList();
        Function<LapicRegisters, LapicRegisters> lapic = lapic(random);
        int lint0 = random.nextInt(6) == 0 ? 0x10700 : 0x700;
        return new Round(bench -> {
            bench.pics(old -> master, old -> slave);
            for (int pin = 0; pin < entries.size(); pin++) {
                long bits = entries.get(pin);
                bench.redirection(pin, old -> new Redirection(bits));
            }
            bench.lapic(old -> lapic.apply(old).withLint0(lint0));
        }, state -> Gates.ofKernelLine(state, Route.LINE, gsi, Trigger.EDGE),
                machine.injectors().kernelLine(gsi, Trigger.EDGE));
    }

    private static PicState withoutAutoEoi(PicState pic) {
        return pic.withAutoEoi(false).withLinesHigh(pic.lastIrr() & ~(1 << CASCADE));
    }

    private static long entry(Random random) {
        return vector(random) | mode(random) << 8 | (random.nextInt(3) == 0 ? 1L << 16 : 0)
                | (random.nextInt(5) == 0 ? 1L << 13 : 0) | destination(random) << 56
                | (random.nextInt(5) == 0 ? 1L << 11 : 0);
    }

    // --- IOAPIC, LAPIC, messages

    Round ioapicRound(Random random) {
        Trigger trigger = Trigger.EDGE;
        long bits = entry(random);
        Function<LapicRegisters, LapicRegisters> lapic = lapic(random);
        return new Round(bench -> {
            bench.redirection(PIN, old -> new Redirection(bits));
            bench.lapic(lapic::apply);
        }, state -> Gates.ofKernelLine(state, Route.LINE, PIN, trigger),
                machine.irqchip() == Irqchip.KERNEL
                        ? machine.injectors().kernelLine(PIN, trigger)
                        : machine.injectors().ioapicPin(PIN, trigger));
    }

    Round messageRound(Random random) {
        int address = (random.nextInt(12) == 0 ? 0xfed00000 : 0xfee00000) | (int) destination(random) << 12
                | (random.nextInt(5) == 0 ? 1 << 2 : 0);
        MsiMessage message = new MsiMessage(address, (int) (vector(random) | mode(random) << 8));
        Function<LapicRegisters, LapicRegisters> lapic = lapic(random);
        return new Round(bench -> bench.lapic(lapic::apply), state -> Gates.ofMessage(state, Route.MSI, message),
                machine.injectors().message(message));
    }

    /** Not that of an exception, which would end the guest, and not the one that requests IPIs. */
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

    static LapicRegisters withoutRequests(LapicRegisters lapic) {
        LapicRegisters cleared = lapic;
        for (int vector = 0; vector < 256; vector += VECTORS_A_REGISTER) {
            cleared = cleared.withRegister(IRR + vector / VECTORS_A_REGISTER * 16, 0);
        }
        return cleared;
    }
}
