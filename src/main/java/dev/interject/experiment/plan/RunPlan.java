package dev.interject.experiment.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Path;
import dev.interject.interrupt.Trigger;
import dev.interject.machine.MachinePlan;

/**
 * What a run is to do.
 *
 * @param guest   empty: one that suits the path and the number of vCPUs
 * @param path    empty: one that the guest takes; {@code msi} where an address is given; else {@code line} with a
 *                kernel irqchip, {@code vector} without, and wherever a vector is given
 * @param lines   pulled in turn; empty: a free one is picked
 * @param vector  a raw vector instead of a line, or the vector of a message or IPI; 0–255
 * @param address where a message goes; empty: to the LAPIC of the vCPU that is meant
 * @param vcpus   how many there are, 1 or more
 * @param to      which of them is meant; empty: the one that the address names, or the first
 * @param timeout when the watchdog ends the run; empty: a time that grows with count and interval
 * @param force   inject even where the checks say that the guest would break
 * @param await   wait for a closed guest to open instead of refusing
 */
public record RunPlan(Optional<BuiltinGuest> guest, Irqchip irqchip, Optional<Path> path, List<Integer> lines,
        OptionalInt vector, OptionalInt address, Trigger trigger, int vcpus, OptionalInt to, Pace pace,
        Optional<Duration> timeout, boolean force, boolean await) {

    private static final Duration TIMEOUT_BASE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration TIMEOUT_PER_INTERRUPT = Duration.ofMillis(5);
    private static final int STANDARD_COUNT = 5;

    public RunPlan {
        lines = List.copyOf(lines);
    }

    /** Five pulses of a free line through the kernel's controllers. */
    public static RunPlan standard() {
        return on(Irqchip.KERNEL).build();
    }

    /** A plan under construction; what is not said is as in {@link #standard()}. */
    public static Builder on(Irqchip irqchip) {
        return new Builder(irqchip);
    }

    /** The path taken. */
    public Path effectivePath() {
        return path.orElseGet(() -> {
            if (address.isPresent()) {
                return Path.MSI;
            }
            boolean line = vector.isEmpty() && (irqchip == Irqchip.KERNEL || vcpus > 1);
            Path usual = line ? Path.LINE : Path.VECTOR;
            return guest.map(BuiltinGuest::paths)
                    .filter(paths -> !paths.contains(usual))
                    .map(paths -> vector.isPresent() && paths.contains(Path.MSI) ? Path.MSI : paths.getFirst())
                    .orElse(usual);
        });
    }

    /** The guest booted. */
    public BuiltinGuest effectiveGuest() {
        return guest.orElseGet(() -> {
            Path taken = effectivePath();
            if (vcpus > 1 && !taken.isTimer()) {
                return BuiltinGuest.SMP;
            }
            return switch (taken) {
                case LINE, IRQFD -> irqchip == Irqchip.SPLIT ? BuiltinGuest.APIC : BuiltinGuest.PIC;
                case VECTOR -> BuiltinGuest.PIC;
                case MSI, MSI_ROUTE, MSI_IRQFD, IPI -> BuiltinGuest.APIC;
                case NMI -> BuiltinGuest.NMI;
                case PIT -> BuiltinGuest.PIT;
                case LAPIC_TIMER -> BuiltinGuest.PERIODIC;
            };
        });
    }

    /** The machine that the plan needs. */
    public MachinePlan machinePlan(List<ResolvedInjection> targets) {
        BuiltinGuest booted = effectiveGuest();
        BootParameters orders =
                new BootParameters(targets.stream().map(ResolvedInjection::line).collect(Collectors.toSet()), trigger,
                        targets.getFirst().vcpu(), vcpus);
        return new MachinePlan(irqchip, effectivePath() == Path.PIT, booted.image(), booted.bootMode(), orders,
                booted.needs());
    }

    /** The same with something changed. */
    public RunPlan changed(UnaryOperator<Builder> change) {
        return change.apply(on(irqchip).guest(guest.orElse(null))
                .path(path.orElse(null))
                .lines(lines)
                .vector(vector)
                .address(address)
                .trigger(trigger)
                .vcpus(vcpus)
                .to(to)
                .pace(pace)
                .timeout(timeout)
                .force(force)
                .await(await)).build();
    }

    /** How many interrupts. */
    public int count() {
        return pace.count();
    }

    /** The watchdog's time for the whole run. */
    public Duration effectiveTimeout() {
        Duration each = TIMEOUT_PER_INTERRUPT.plus(pace.interval());
        Duration clocked = pace.rate().isPresent()
                ? Duration.ofSeconds(pace.count()).dividedBy(pace.rate().getAsInt())
                : Duration.ZERO;
        Duration grown = TIMEOUT_BASE.plus(each.multipliedBy(pace.count())).plus(clocked);
        return timeout.orElse(grown.compareTo(LONGEST) < 0 ? grown : LONGEST);
    }

    /** Puts a plan together. */
    public static final class Builder {

        private final Irqchip irqchip;
        private Optional<BuiltinGuest> guest = Optional.empty();
        private Optional<Path> path = Optional.empty();
        private List<Integer> lines = List.of();
        private OptionalInt vector = OptionalInt.empty();
        private OptionalInt address = OptionalInt.empty();
        private Trigger trigger = Trigger.EDGE;
        private int vcpus = 1;
        private OptionalInt to = OptionalInt.empty();
        private Pace pace = Pace.oneByOne(STANDARD_COUNT);
        private Optional<Duration> timeout = Optional.empty();
        private boolean force;
        private boolean await;

        private Builder(Irqchip irqchip) {
            this.irqchip = irqchip;
        }

        public Builder guest(BuiltinGuest value) {
            guest = Optional.ofNullable(value);
            return this;
        }

        public Builder path(Path value) {
            path = Optional.ofNullable(value);
            return this;
        }

        public Builder lines(List<Integer> value) {
            lines = value;
            return this;
        }

        /** One line. */
        public Builder line(int value) {
            return lines(List.of(value));
        }

        public Builder vector(int value) {
            return vector(OptionalInt.of(value));
        }

        public Builder vector(OptionalInt value) {
            vector = value;
            return this;
        }

        public Builder address(OptionalInt value) {
            address = value;
            return this;
        }

        public Builder trigger(Trigger value) {
            trigger = value;
            return this;
        }

        public Builder vcpus(int value) {
            vcpus = value;
            return this;
        }

        public Builder to(int value) {
            return to(OptionalInt.of(value));
        }

        public Builder to(OptionalInt value) {
            to = value;
            return this;
        }

        /** One after the other. */
        public Builder count(int value) {
            return pace(Pace.oneByOne(value));
        }

        public Builder pace(Pace value) {
            pace = value;
            return this;
        }

        public Builder timeout(Duration value) {
            return timeout(Optional.of(value));
        }

        public Builder timeout(Optional<Duration> value) {
            timeout = value;
            return this;
        }

        public Builder force(boolean value) {
            force = value;
            return this;
        }

        public Builder await(boolean value) {
            await = value;
            return this;
        }

        public RunPlan build() {
            return new RunPlan(guest, irqchip, path, lines, vector, address, trigger, vcpus, to, pace, timeout, force,
                    await);
        }
    }
}
