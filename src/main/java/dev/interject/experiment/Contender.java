package dev.interject.experiment;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;

/**
 * One way into a guest that a comparison tries.
 *
 * @param vector a vector given by number; empty where a line is pulled, a message sent or an NMI asked for
 */
public record Contender(Irqchip irqchip, Path path, BuiltinGuest guest, Trigger trigger, OptionalInt vector) {

    private static final int RAW_VECTOR = 0x41;

    /** Every way that Interject knows. */
    public static List<Contender> all() {
        return List.of(kernel(Path.LINE, BuiltinGuest.PIC, Trigger.EDGE),
                kernel(Path.LINE, BuiltinGuest.PIC, Trigger.LEVEL), kernel(Path.LINE, BuiltinGuest.APIC, Trigger.EDGE),
                kernel(Path.IRQFD, BuiltinGuest.PIC, Trigger.EDGE), kernel(Path.IRQFD, BuiltinGuest.PIC, Trigger.LEVEL),
                kernel(Path.IRQFD, BuiltinGuest.APIC, Trigger.EDGE), kernel(Path.MSI, BuiltinGuest.APIC, Trigger.EDGE),
                kernel(Path.MSI, BuiltinGuest.X2APIC, Trigger.EDGE),
                kernel(Path.MSI_ROUTE, BuiltinGuest.APIC, Trigger.EDGE),
                kernel(Path.MSI_IRQFD, BuiltinGuest.APIC, Trigger.EDGE),
                kernel(Path.NMI, BuiltinGuest.NMI, Trigger.EDGE),
                userspace(Path.VECTOR, BuiltinGuest.PIC, Trigger.EDGE, OptionalInt.empty()),
                userspace(Path.VECTOR, BuiltinGuest.PIC, Trigger.LEVEL, OptionalInt.empty()),
                userspace(Path.VECTOR, BuiltinGuest.PIC, Trigger.EDGE, OptionalInt.of(RAW_VECTOR)),
                userspace(Path.NMI, BuiltinGuest.NMI, Trigger.EDGE, OptionalInt.empty()));
    }

    private static Contender kernel(Path path, BuiltinGuest guest, Trigger trigger) {
        return new Contender(Irqchip.KERNEL, path, guest, trigger, OptionalInt.empty());
    }

    private static Contender userspace(Path path, BuiltinGuest guest, Trigger trigger, OptionalInt vector) {
        return new Contender(Irqchip.USERSPACE, path, guest, trigger, vector);
    }

    RunPlan plan(int count, Optional<Duration> timeout) {
        return RunPlan.on(irqchip)
                .guest(guest)
                .path(path)
                .vector(vector)
                .trigger(trigger)
                .pace(Pace.oneByOne(count))
                .timeout(timeout)
                .build();
    }
}
