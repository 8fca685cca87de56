package dev.interject.experiment.explain;

import java.util.Random;

import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.plan.MachineChoice;
import dev.interject.experiment.plan.Pace;
import dev.interject.experiment.plan.RunPlan;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;

/** Random situations of what LAPICs receive: from a pin of the IOAPIC, in a message, or from another LAPIC. */
final class RandomMessages {

    /** Delivery mode 1 in a message's data. */
    private static final int LOWEST_PRIORITY = 1 << 8;

    private RandomMessages() {}

    static RandomSituation ofPin(long seed, Irqchip irqchip, int vcpus) {
        Random random = RandomSituation.random(seed);
        int pin = irqchip == Irqchip.KERNEL ? random.nextInt(RandomKind.LINES, RandomKind.PINS)
                : random.nextInt(1, RandomKind.PINS);
        Trigger trigger = RandomKind.trigger(random);
        RandomSettings settings = new RandomSettings(random);
        int vector = settings.vector();
        vcpus(settings, vcpus, vector, 0, true);
        new RandomControllers(settings).pin(pin, vector, trigger);
        Route route = irqchip == Irqchip.KERNEL && trigger == Trigger.EDGE && random.nextInt(4) == 0 ? Route.IRQFD
                : Route.LINE;
        return of(seed, irqchip, vcpus, RandomKind.line(route, pin, trigger), settings);
    }

    static RandomSituation ofMessage(long seed, Irqchip irqchip, int vcpus) {
        Random random = RandomSituation.random(seed);
        RandomSettings settings = new RandomSettings(random);
        int vector = settings.vector();
        int address = (random.nextInt(12) == 0 ? 0xfed00000 : 0xfee00000) | settings.destination() << 12
                | random.nextInt(4) << 2 & (random.nextInt(3) == 0 ? 0xc : 0);
        vcpus(settings, vcpus, vector, 0, false);
        int mode = settings.oneIn(10) ? settings.oneOf(3, 4, 5, 6, 7) << 8 : settings.oneIn(3) ? LOWEST_PRIORITY : 0;
        Route route = settings.oneOf(Route.MSI, Route.MSI, Route.MSI_ROUTE, Route.MSI_IRQFD);
        return of(seed, irqchip, vcpus,
                InterruptChoice.by(route).with(RandomSituation.message(address, mode | vector)), settings);
    }

    /** vCPU 0 sends it, which is asked by a message to APIC ID 0: no other vCPU has that. */
    static RandomSituation ofIpi(long seed, Irqchip irqchip, int vcpus) {
        Random random = RandomSituation.random(seed);
        BuiltinGuest guest = vcpus > 1 ? BuiltinGuest.SMP
                : random.nextInt(3) == 0 ? BuiltinGuest.X2APIC : BuiltinGuest.APIC;
        RandomSettings settings = new RandomSettings(random);
        int vector = settings.vector();
        if (guest == BuiltinGuest.X2APIC) {
            new RandomCpu(settings, "").flags(false, true);
            new RandomControllers(settings).x2apic("", vector, false);
        } else {
            vcpus(settings, vcpus, vector, 1, false);
        }
        long icr = icr(settings, guest, vector);
        InterruptChoice interrupt = InterruptChoice.by(Route.IPI).with(RandomSituation.ipi(icr));
        return vcpus > 1 ? of(seed, irqchip, vcpus, interrupt, settings)
                : RandomSituation.of(seed, RandomSituation.run(irqchip, guest, interrupt), settings);
    }

    private static long icr(RandomSettings settings, BuiltinGuest guest, int vector) {
        long shorthand = settings.oneIn(2) ? settings.below(4) : 0;
        long mode = settings.oneIn(3) ? settings.oneOf(1, 1, 3, 4, 4, 5, 6, 7) : 0;
        if (mode == 1 && shorthand != 0) { // the Intel SDM lets it address all but the sender only
            shorthand = 3;
        }
        long low = vector | mode << 8 | shorthand << 18 | (settings.oneIn(3) ? 1 << 11 : 0)
                | (settings.oneIn(8) ? 0 : 1 << 14) | (settings.oneIn(8) ? 1 << 15 : 0);
        long destination = settings.destination();
        if (guest == BuiltinGuest.X2APIC) {
            long wide = settings.oneIn(4) ? settings.oneOf(-1L, 0x10001L, 0x1_0000L) : destination;
            return wide << 32 | low;
        }
        return destination << 56 | low;
    }

    /**
     * vCPUs with their LAPICs; what the handler needs breaks on one of them, and not on one that sends IPIs.
     *
     * @param firstId         the lowest APIC ID of those beside vCPU 0, which sends if that is not 0
     * @param wakesByHandlers whether only a handler ends HLT; KVM does so for messages that it ignores as well
     */
    private static void vcpus(RandomSettings settings, int vcpus, int vector, int firstId, boolean wakesByHandlers) {
        boolean sends = firstId > 0;
        BuiltinGuest guest = vcpus == 1 ? BuiltinGuest.APIC : BuiltinGuest.SMP;
        for (int number = 0; number < vcpus; number++) {
            String prefix = number == 0 ? "" : "vcpu[%d].".formatted(number);
            RandomCpu cpu = new RandomCpu(settings, prefix).flags(false, true);
            if (!sends && vcpus > 1 && settings.oneIn(12)) {
                cpu.nmisThatWake();
            }
            if (!sends) { // an IPI is sent while the other vCPUs run
                cpu.event(true);
            }
            if (!(sends && number == 0)) {
                RandomHandler handler =
                        new RandomHandler(settings, prefix, RandomKind.image(guest.label()), vcpus == 1);
                handler.inLongMode(vector, 0);
                if (wakesByHandlers) {
                    handler.next();
                }
            }
            cpu.activity(number == 0);
            RandomControllers controllers =
                    new RandomControllers(settings).lapic(prefix, number == 0 ? 0 : firstId, vector, vcpus == 1);
            if (!(sends && number == 0)) {
                controllers.inService(prefix, vector);
            }
        }
    }

    private static RandomSituation of(long seed, Irqchip irqchip, int vcpus, InterruptChoice interrupt,
            RandomSettings settings) {
        BuiltinGuest guest = vcpus == 1 ? BuiltinGuest.APIC : BuiltinGuest.SMP;
        return RandomSituation.of(seed, RunPlan.on(MachineChoice.of(irqchip, guest).withVcpus(vcpus, 0))
                .with(interrupt)
                .with(Pace.oneByOne(1)), settings);
    }
}
