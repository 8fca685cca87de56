package dev.interject.experiment.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import dev.interject.guest.BenchGuest;
import dev.interject.guest.BootParameters;
import dev.interject.guest.boot.BootMode;
import dev.interject.guest.image.GuestImage;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.inject.Injector;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.RouteCase;
import dev.interject.interrupt.route.RouteParameter;
import dev.interject.kvm.state.Icr;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.Machine;
import dev.interject.machine.MachinePlan;

/**
 * A path into a guest, measured with edges and one vCPU. Timers in the kernel are left out: there is no injection to
 * measure.
 *
 * @param guest the guest that programs the same controllers as that of the case
 */
public record BenchPath(RouteCase routeCase, BenchGuest guest) {

    /** A line that is free on a PC. */
    static final int LINE = 10;

    private static final int VCPU = 0;
    private static final int MESSAGE_VECTOR = 0x50;
    private static final int NMI_VECTOR = 2;

    /** Every path that can be measured. */
    public static List<BenchPath> all() {
        return RouteCase.all()
                .stream()
                .filter(one -> one.trigger() == Trigger.EDGE && one.vcpus() == 1 && !one.route().isTimer())
                .flatMap(one -> Arrays.stream(BenchGuest.values())
                        .filter(guest -> guest.halted().equals(one.guest().label()))
                        .map(guest -> new BenchPath(one, guest)))
                .toList();
    }

    /** The vector at which its interrupts arrive. */
    int vector() {
        if (!routeCase.route().isMaskable()) {
            return NMI_VECTOR;
        }
        return routeCase.vector()
                .orElse(routeCase.route().takes(RouteParameter.LINE) ? guest.vectorOf(LINE) : MESSAGE_VECTOR);
    }

    /** The machine with that image. */
    MachinePlan machinePlan(String image) {
        return new MachinePlan(routeCase.irqchip(), GuestImage.ofResource(image), BootMode.LONG,
                BootParameters.lines(Set.of(LINE), Trigger.EDGE));
    }

    /** The injector; once the guest is ready. */
    Injector injector(Machine machine) {
        return new ResolvedInjection(routeCase.irqchip(), routeCase.route(), VCPU, LINE, routeCase.vector(),
                MsiMessage.fixed(VCPU, MESSAGE_VECTOR), Icr.fixed(VCPU, MESSAGE_VECTOR, false), Trigger.EDGE,
                true).waitingInjector(machine.injectors(),
                        GatePath.to(vector()));
    }

    /** As messages name it. */
    @Override
    public String toString() {
        return "%s %s %s".formatted(routeCase.irqchip(), routeCase.pathLabel(), guest.halted());
    }
}
