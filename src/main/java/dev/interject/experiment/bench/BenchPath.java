package dev.interject.experiment.bench;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

import dev.interject.guest.BenchGuest;
import dev.interject.guest.BootMode;
import dev.interject.guest.BootParameters;
import dev.interject.guest.GuestImage;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteCase;
import dev.interject.interrupt.route.RouteParameter;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;

/**
 * A path into a guest, measured with edges and one vCPU. Timers in the kernel are left out: there is no injection to
 * measure.
 *
 * @param guest which controllers the guest programs
 * @param raw   with path {@code vector}: given by number instead of by an 8259
 */
public record BenchPath(Irqchip irqchip, Route path, BenchGuest guest, boolean raw) {

    /** A line that is free on a PC. */
    static final int LINE = 10;

    private static final int VCPU = 0;
    private static final int SLAVE_BASE = 0x28;
    private static final int SLAVE_LINES = 8;
    private static final int IOAPIC_BASE = 0x30;
    private static final int MESSAGE_VECTOR = 0x50;
    private static final int RAW_VECTOR = 0x41;
    private static final int NMI_VECTOR = 2;

    /** Every path that can be measured. */
    public static List<BenchPath> all() {
        return RouteCase.all()
                .stream()
                .filter(one -> one.trigger() == Trigger.EDGE && one.vcpus() == 1)
                .flatMap(one -> Arrays.stream(BenchGuest.values())
                        .filter(guest -> guest.halted().equals(one.guest().label()))
                        .map(guest -> new BenchPath(one.irqchip(), one.route(), guest, one.vector().isPresent())))
                .filter(one -> !one.path().isTimer())
                .toList();
    }

    /** The vector at which its interrupts arrive. */
    int vector() {
        if (raw) {
            return RAW_VECTOR;
        }
        if (!path.isMaskable()) {
            return NMI_VECTOR;
        }
        return !path.takes(RouteParameter.LINE) ? MESSAGE_VECTOR
                : guest == BenchGuest.APIC ? IOAPIC_BASE + LINE : SLAVE_BASE + LINE - SLAVE_LINES;
    }

    /** The machine with that image. */
    MachinePlan machinePlan(String image) {
        return new MachinePlan(irqchip, GuestImage.ofResource(image), BootMode.LONG,
                BootParameters.lines(Set.of(LINE), Trigger.EDGE));
    }

    /** The injector; once the guest is ready. */
    Injector injector(Machine machine) {
        return new ResolvedInjection(irqchip, path, VCPU, LINE, raw ? OptionalInt.of(RAW_VECTOR) : OptionalInt.empty(),
                MsiMessage.fixed(VCPU, MESSAGE_VECTOR), Trigger.EDGE).waitingInjector(machine.injectors(),
                        new GatePath(vector(), List.of()));
    }

    /** The path's name, or {@code raw} and the vector where it is given by number. */
    public String pathLabel() {
        return raw ? "raw 0x%02x".formatted(RAW_VECTOR) : path.label();
    }

    /** As messages name it. */
    @Override
    public String toString() {
        return "%s %s %s".formatted(irqchip.label(), pathLabel(), guest.halted());
    }
}
