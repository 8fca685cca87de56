package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

import dev.interject.experiment.explain.RandomSituation.TestGuest;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.probe.HostDepartures;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;

/**
 * A kind of random situations.
 *
 * @param name  unique
 * @param count how many are tried by default
 */
record RandomKind(String name, int count, LongFunction<RandomSituation> situations) {

    private static final Map<String, GuestImage> IMAGES = new ConcurrentHashMap<>();
    static final int PINS = 24;
    static final int LINES = 16;

    /** All kinds. */
    static List<RandomKind> all() {
        List<RandomKind> kinds = new ArrayList<>();
        for (Irqchip irqchip : Irqchip.values()) {
            kinds.add(new RandomKind("a line of the 8259s, " + irqchip, 250, seed -> ofPics(seed, irqchip)));
            kinds.add(new RandomKind("a line in real mode, " + irqchip, 40, seed -> ofRealMode(seed, irqchip)));
            kinds.add(new RandomKind("a line in 32-bit mode, " + irqchip, 60, seed -> ofProtectedMode(seed, irqchip)));
            kinds.add(new RandomKind("a line in ring 3, " + irqchip, 60, seed -> ofRing3(seed, irqchip)));
            kinds.add(new RandomKind("an NMI, " + irqchip, 60, seed -> ofNmi(seed, irqchip)));
            if (irqchip != Irqchip.KERNEL) {
                kinds.add(new RandomKind("a vector by number, " + irqchip, 80, seed -> ofVector(seed, irqchip)));
            }
        }
        for (Irqchip irqchip : List.of(Irqchip.KERNEL, Irqchip.SPLIT)) {
            for (int vcpus : List.of(1, 2, 3)) {
                String machine = ", %s, %d vCPU%s".formatted(irqchip, vcpus, vcpus == 1 ? "" : "s");
                kinds.add(new RandomKind("a pin of the IOAPIC" + machine, 90,
                        seed -> RandomMessages.ofPin(seed, irqchip, vcpus)));
                kinds.add(new RandomKind("a message" + machine, 90,
                        seed -> RandomMessages.ofMessage(seed, irqchip, vcpus)));
                kinds.add(new RandomKind("an IPI" + machine, 90, seed -> RandomMessages.ofIpi(seed, irqchip, vcpus)));
            }
            kinds.add(new RandomKind("the LAPIC's timer, " + irqchip, 30, seed -> ofLapicTimer(seed, irqchip)));
        }
        kinds.add(new RandomKind("the PIT", 30, RandomKind::ofPit));
        kinds.add(new RandomKind("a GSI with random routes", 120, RandomKind::ofRoutes));
        return kinds;
    }

    /** The first of its seeds. */
    long firstSeed() {
        return RandomStates.firstSeed(name);
    }

    @Override
    public String toString() {
        return name;
    }

    static GuestImage image(String name) {
        return IMAGES.computeIfAbsent(name, GuestImage::ofResource);
    }

    static RandomHandler handler(RandomSettings settings, String guest) {
        return new RandomHandler(settings, "", image(guest), true);
    }

    private static Route lineRoute(Irqchip irqchip) {
        return irqchip == Irqchip.KERNEL ? Route.LINE : Route.VECTOR;
    }

    static InterruptChoice line(Route path, int line, Trigger trigger) {
        return InterruptChoice.by(path).withLine(line).withTrigger(trigger);
    }

    static Trigger trigger(Random random) {
        return random.nextInt(3) == 0 ? Trigger.LEVEL : Trigger.EDGE;
    }

    static RandomSituation ofPics(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        int line = random.nextInt(LINES);
        Trigger trigger = trigger(random);
        BuiltinGuest guest = random.nextInt(4) == 0 ? BuiltinGuest.PIC : BuiltinGuest.SPIN;
        RandomSettings settings = new RandomSettings(random);
        new RandomCpu(settings, "").flags(guest == BuiltinGuest.SPIN, true).event(true);
        handler(settings, guest.label()).inLongMode(0x20 + line, 0);
        controllers(settings, line, trigger, irqchip);
        Route route = irqchip == Irqchip.KERNEL && trigger == Trigger.EDGE && random.nextInt(4) == 0 ? Route.IRQFD
                : lineRoute(irqchip);
        return RandomSituation.of(seed, RandomSituation.run(irqchip, guest, line(route, line, trigger)), settings);
    }

    private static void controllers(RandomSettings settings, int line, Trigger trigger, Irqchip irqchip) {
        RandomControllers controllers = new RandomControllers(settings).pics(line, trigger == Trigger.EDGE);
        if (irqchip.hasLapicInKernel()) {
            controllers.lint0();
        }
    }

    private static RandomSituation ofRealMode(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        int line = random.nextInt(LINES);
        Trigger trigger = trigger(random);
        RandomSettings settings = new RandomSettings(random);
        new RandomCpu(settings, "").flags(false, true).event(false);
        handler(settings, BuiltinGuest.REAL.label()).inRealMode(0x20 + line);
        controllers(settings, line, trigger, irqchip);
        return RandomSituation.of(seed,
                RandomSituation.run(irqchip, BuiltinGuest.REAL, line(lineRoute(irqchip), line, trigger)), settings);
    }

    /**
     * The first of its lines choose what the guest does: see its source. Where IRET does not work, it gets neither to
     * ring 3 nor to virtual-8086 mode, and on such hosts not beyond paging either. QEMU's TCG ends itself where an
     * interrupt changes the ring of such a guest.
     */
    private static RandomSituation ofProtectedMode(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        int line = 8 + random.nextInt(7);
        boolean isComplete = !(HostDepartures.find(ConformanceProbe.PROTECTED_MODE) instanceof Finding.Departs);
        int option = 2 + random.nextInt(!isComplete ? 1 : RandomStates.ON_QEMU ? 3 : 5);
        TestGuest guest = new TestGuest("protected", BootMode.REAL, option == 2 ? Set.of() : Set.of(option));
        RandomSettings settings = new RandomSettings(random);
        new RandomCpu(settings, "").flags(true, false).event(true);
        handler(settings, guest.name()).inProtectedMode(0x20 + line, option == 5 ? 3 : 0);
        controllers(settings, line, Trigger.EDGE, irqchip);
        return ofTestGuest(seed, irqchip, guest, line, settings);
    }

    private static RandomSituation ofRing3(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        int line = random.nextInt(LINES);
        TestGuest guest = new TestGuest("ring-3", BootMode.LONG, Set.of());
        RandomSettings settings = new RandomSettings(random);
        new RandomCpu(settings, "").flags(true, true).event(true);
        handler(settings, guest.name()).inLongMode(0x20 + line, 3);
        controllers(settings, line, Trigger.EDGE, irqchip);
        return ofTestGuest(seed, irqchip, guest, line, settings);
    }

    private static RandomSituation ofTestGuest(long seed, Irqchip irqchip, TestGuest guest, int line,
            RandomSettings settings) {
        RunPlan run = RandomSituation.run(irqchip, BuiltinGuest.PIC, line(lineRoute(irqchip), line, Trigger.EDGE));
        return new RandomSituation(seed, run, Optional.of(guest), settings.situation());
    }

    private static RandomSituation ofVector(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        BuiltinGuest guest = random.nextBoolean() ? BuiltinGuest.PIC : BuiltinGuest.SPIN;
        int vector = random.nextInt(12) == 0 ? random.nextInt(0x20) : 0x20 + random.nextInt(0xe0);
        RandomSettings settings = new RandomSettings(random);
        RandomCpu cpu = new RandomCpu(settings, "").flags(guest == BuiltinGuest.SPIN, true).event(true);
        if (irqchip == Irqchip.SPLIT) {
            cpu.held();
            new RandomControllers(settings).lint0();
        }
        handler(settings, guest.label()).inLongMode(vector, 0);
        return RandomSituation.of(seed,
                RandomSituation.run(irqchip, guest, InterruptChoice.by(Route.VECTOR).withVector(vector)), settings);
    }

    static RandomSituation ofRoutes(long seed) {
        Random random = RandomSituation.random(seed);
        int gsi = random.nextInt(PINS);
        RandomSettings settings = new RandomSettings(random);
        new RandomCpu(settings, "").flags(false, true);
        new RandomControllers(settings).routes(gsi);
        return RandomSituation.of(seed,
                RandomSituation.run(Irqchip.KERNEL, BuiltinGuest.APIC, line(Route.LINE, gsi, Trigger.EDGE)), settings);
    }

    static RandomSituation ofNmi(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        BuiltinGuest guest = random.nextInt(4) == 0 ? BuiltinGuest.SPIN : BuiltinGuest.NMI;
        RandomSettings settings = new RandomSettings(random);
        new RandomCpu(settings, "").flags(guest == BuiltinGuest.SPIN, true).nmis().event(true);
        handler(settings, guest.label()).inLongMode(2, 0);
        return RandomSituation.of(seed, RandomSituation.run(irqchip, guest, InterruptChoice.by(Route.NMI)), settings);
    }

    static RandomSituation ofLapicTimer(long seed, Irqchip irqchip) {
        RandomSettings settings = new RandomSettings(RandomSituation.random(seed));
        new RandomCpu(settings, "").flags(false, false);
        settings.makeExclusive();
        new RandomControllers(settings).lapic("", 0, 0, false).lapicTimer();
        return RandomSituation.of(seed,
                RandomSituation.run(irqchip, BuiltinGuest.PERIODIC, InterruptChoice.by(Route.LAPIC_TIMER)), settings);
    }

    static RandomSituation ofPit(long seed) {
        RandomSettings settings = new RandomSettings(RandomSituation.random(seed));
        new RandomCpu(settings, "").flags(false, false);
        new RandomControllers(settings).pics(0, true).lint0().pit();
        settings.unset("pic.master.lines-high"); // whether later ticks are lost is a race
        return RandomSituation.of(seed,
                RandomSituation.run(Irqchip.KERNEL, BuiltinGuest.PIT, InterruptChoice.by(Route.PIT)), settings);
    }
}
