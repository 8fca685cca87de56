package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;

import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.MessageChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.setting.Situation;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;

/**
 * An interrupt and the situation that it meets, at random: each value is one that {@code --set} takes, so that
 * {@link #command} shows the situation again. The same seed gives the same situation.
 *
 * @param seed      what it was made from
 * @param run       the guest and the interrupt
 * @param situation what is set before
 */
record RandomSituation(long seed, RunPlan run, Situation situation) {

    private static final int PINS = 24;
    private static final int LINES = 16;
    /** Delivery mode 1 in a message's data. */
    private static final int LOWEST_PRIORITY = 1 << 8;

    /** The first numbers of similar seeds would be similar. */
    private static Random random(long seed) {
        return new Random(new SplittableRandom(seed).nextLong());
    }

    /** A line of the 8259s. */
    static RandomSituation ofPics(long seed, Irqchip irqchip) {
        Random random = random(seed);
        int line = random.nextInt(LINES);
        Trigger trigger = random.nextInt(3) == 0 ? Trigger.LEVEL : Trigger.EDGE;
        BuiltinGuest guest = random.nextInt(4) == 0 ? BuiltinGuest.PIC : BuiltinGuest.SPIN;
        RandomSettings settings = new RandomSettings(random).tables(0x20 + line).pics(line, trigger == Trigger.EDGE);
        if (irqchip.hasLapicInKernel()) {
            settings.lint0();
        }
        return of(seed, irqchip, guest, line(irqchip == Irqchip.KERNEL ? Route.LINE : Route.VECTOR, line, trigger),
                settings.cpu(guest == BuiltinGuest.SPIN));
    }

    /** A pin of the IOAPIC. */
    static RandomSituation ofIoapic(long seed, Irqchip irqchip, int vcpus) {
        Random random = random(seed);
        int pin = irqchip == Irqchip.KERNEL ? random.nextInt(LINES, PINS) : random.nextInt(1, PINS);
        Trigger trigger = random.nextInt(3) == 0 ? Trigger.LEVEL : Trigger.EDGE;
        int vector = RandomSettings.vector(random);
        RandomSettings settings = new RandomSettings(random).tables(vector).pin(pin, vector, trigger);
        lapics(settings, vcpus, vector);
        return of(seed, irqchip, vcpus, line(Route.LINE, pin, trigger), settings.cpu(false));
    }

    /** A message. */
    static RandomSituation ofMessage(long seed, Irqchip irqchip, int vcpus) {
        Random random = random(seed);
        int vector = RandomSettings.vector(random);
        int address = (random.nextInt(12) == 0 ? 0xfed00000 : 0xfee00000) | RandomSettings.destination(random) << 12
                | random.nextInt(4) << 2 & (random.nextInt(3) == 0 ? 0xc : 0);
        RandomSettings settings = new RandomSettings(random).tables(vector);
        lapics(settings, vcpus, vector);
        int data = random.nextInt(3) == 0 ? LOWEST_PRIORITY | vector : vector;
        MessageChoice message = new MessageChoice(OptionalInt.of(address), OptionalInt.of(data), OptionalLong.empty());
        return of(seed, irqchip, vcpus, InterruptChoice.by(Route.MSI).with(message), settings.cpu(false));
    }

    /** A GSI that a random table leads to any pins of the 8259s and the IOAPIC, to messages, or nowhere. */
    static RandomSituation ofRoutes(long seed) {
        Random random = random(seed);
        int gsi = random.nextInt(PINS);
        RandomSettings settings = new RandomSettings(random).routes(gsi);
        return of(seed, Irqchip.KERNEL, BuiltinGuest.APIC, line(Route.LINE, gsi, Trigger.EDGE), settings.cpu(false));
    }

    /** An NMI. */
    static RandomSituation ofNmi(long seed, Irqchip irqchip) {
        Random random = random(seed);
        BuiltinGuest guest = random.nextInt(4) == 0 ? BuiltinGuest.SPIN : BuiltinGuest.NMI;
        return of(seed, irqchip, guest, InterruptChoice.by(Route.NMI),
                new RandomSettings(random).nmis().tables(2).cpu(guest == BuiltinGuest.SPIN));
    }

    /** The timer of the LAPIC, armed or not; a one-shot could expire before it is looked at. */
    static RandomSituation ofLapicTimer(long seed, Irqchip irqchip) {
        Random random = random(seed);
        RandomSettings settings = new RandomSettings(random).cpu(false).lapic("", 0, false).lapicTimer();
        return of(seed, irqchip, BuiltinGuest.PERIODIC, InterruptChoice.by(Route.LAPIC_TIMER), settings);
    }

    /** The PIT, armed or not. */
    static RandomSituation ofPit(long seed) {
        Random random = random(seed);
        RandomSettings settings = new RandomSettings(random).pics(0, true).lint0().cpu(false).pit();
        return of(seed, Irqchip.KERNEL, BuiltinGuest.PIT, InterruptChoice.by(Route.PIT), settings);
    }

    private static void lapics(RandomSettings settings, int vcpus, int vector) {
        settings.lapic("", vector, vcpus == 1);
        for (int number = 1; number < vcpus; number++) {
            settings.lapic("vcpu[%d].".formatted(number), vector, false);
        }
    }

    private static InterruptChoice line(Route path, int line, Trigger trigger) {
        return InterruptChoice.by(path).withLine(line).withTrigger(trigger);
    }

    private static RandomSituation of(long seed, Irqchip irqchip, int vcpus, InterruptChoice interrupt,
            RandomSettings settings) {
        return vcpus == 1 ? of(seed, irqchip, BuiltinGuest.APIC, interrupt, settings)
                : new RandomSituation(seed, RunPlan.on(MachineChoice.of(irqchip, BuiltinGuest.SMP).withVcpus(vcpus, 0))
                        .with(interrupt)
                        .with(Pace.oneByOne(1)), settings.situation());
    }

    private static RandomSituation of(long seed, Irqchip irqchip, BuiltinGuest guest, InterruptChoice interrupt,
            RandomSettings settings) {
        return new RandomSituation(seed,
                RunPlan.on(MachineChoice.of(irqchip, guest)).with(interrupt).with(Pace.oneByOne(1)),
                settings.situation());
    }

    /** The command line that explains it. */
    String command() {
        List<String> words = new ArrayList<>(List.of("interject explain --irqchip", run.machine().irqchip().label(),
                "--guest", run.effectiveGuest().label(), "--path", run.effectivePath().label()));
        if (run.machine().vcpus() > 1) {
            words.add("--vcpus " + run.machine().vcpus());
        }
        InterruptChoice interrupt = run.interrupt();
        interrupt.lines().forEach(line -> words.add("--irq " + line));
        interrupt.message().address().ifPresent(address -> words.add("--address 0x%08x".formatted(address)));
        interrupt.message().data().ifPresent(data -> words.add("--message-data 0x%x".formatted(data)));
        if (interrupt.trigger() == Trigger.LEVEL) {
            words.add("--trigger level");
        }
        situation.texts().forEach(setting -> words.add("--set " + setting));
        return String.join(" ", words);
    }
}
