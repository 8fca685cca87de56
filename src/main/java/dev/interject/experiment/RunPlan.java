package dev.interject.experiment;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;

/**
 * What a run is to do.
 *
 * @param guest    empty: one that suits the path
 * @param path     empty: {@code msi} where an address is given, {@code line} with a kernel irqchip, {@code vector}
 *                 without, and wherever a vector is given
 * @param line     empty: a free one is picked
 * @param vector   a raw vector instead of a line, or the vector of a message; 0–255
 * @param address  where a message goes; empty: to the LAPIC of vCPU 0
 * @param count    how many interrupts, 1 or more
 * @param interval the pause between an interrupt taken and the next
 * @param timeout  when the watchdog ends the run; empty: a time that grows with count and interval
 * @param force    inject even where the checks say that the guest would break
 * @param await    wait for a closed guest to open instead of refusing
 */
public record RunPlan(Optional<BuiltinGuest> guest, Irqchip irqchip, Optional<Path> path, OptionalInt line,
        OptionalInt vector, OptionalInt address, Trigger trigger, int count, Duration interval,
        Optional<Duration> timeout, boolean force, boolean await) {

    private static final Duration TIMEOUT_BASE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration TIMEOUT_PER_INTERRUPT = Duration.ofMillis(5);

    /** Five pulses of a free line through the kernel's controllers. */
    public static RunPlan standard() {
        return new RunPlan(Optional.empty(), Irqchip.KERNEL, Optional.empty(), OptionalInt.empty(), OptionalInt.empty(),
                OptionalInt.empty(), Trigger.EDGE, 5, Duration.ZERO, Optional.empty(), false, false);
    }

    /** The path taken. */
    public Path effectivePath() {
        return path.orElseGet(() -> {
            if (address.isPresent()) {
                return Path.MSI;
            }
            return irqchip == Irqchip.KERNEL && vector.isEmpty() ? Path.LINE : Path.VECTOR;
        });
    }

    /** The guest booted. */
    public BuiltinGuest effectiveGuest() {
        return guest.orElseGet(() -> {
            Path taken = effectivePath();
            if (taken.isMessage()) {
                return BuiltinGuest.APIC;
            }
            return taken == Path.NMI ? BuiltinGuest.NMI : BuiltinGuest.PIC;
        });
    }

    /** The watchdog's time for the whole run. */
    public Duration effectiveTimeout() {
        Duration grown = TIMEOUT_BASE.plus(TIMEOUT_PER_INTERRUPT.plus(interval).multipliedBy(count));
        return timeout.orElse(grown.compareTo(LONGEST) < 0 ? grown : LONGEST);
    }
}
