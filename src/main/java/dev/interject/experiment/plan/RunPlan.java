package dev.interject.experiment.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import dev.interject.guest.BootParameters;
import dev.interject.guest.BuiltinGuest;
import dev.interject.guest.GuestInput;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.ResolvedInjection;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteParameter;
import dev.interject.kvm.state.MsiMessage;
import dev.interject.machine.MachinePlan;

/**
 * What a run is to do.
 *
 * @param guest   empty: one that suits the path and the number of vCPUs
 * @param path    empty: one that the guest is set up for; {@code msi} where an address is given; otherwise {@code line}
 *                with irqchip kernel, and {@code vector} with the others and wherever a vector is given
 * @param lines   pulled one after the other, in this order and as often as they are listed; empty: a free one is picked
 * @param vector  a vector instead of a line, or the vector of a message or IPI; 0 to 255
 * @param address where a message is sent; empty: to the LAPIC of the target vCPU
 * @param vcpus   how many there are, 1 to 32
 * @param to      the target vCPU; empty: the one that the address names, or the first
 * @param timeout when the watchdog ends the run; empty: a time that grows with count and interval
 * @param force   inject even where the checks say that the guest would break
 * @param await   wait until a closed guest opens, instead of refusing
 */
public record RunPlan(Optional<BuiltinGuest> guest, Irqchip irqchip, Optional<Route> path, List<Integer> lines,
        OptionalInt vector, OptionalInt address, Trigger trigger, int vcpus, OptionalInt to, Pace pace,
        Optional<Duration> timeout, boolean force, boolean await) {

    private static final Duration TIMEOUT_BASE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration TIMEOUT_PER_INTERRUPT = Duration.ofMillis(5);
    private static final int STANDARD_COUNT = 5;
    private static final int LAST_VECTOR = 255;

    /** Where a message arrives unless the plan says otherwise: no vector of an 8259 or of an IOAPIC pin. */
    private static final int MESSAGE_VECTOR = 0x50;

    /** @throws IllegalArgumentException where a value is out of its range, or two exclude each other */
    public RunPlan {
        requireNonNull(guest, "guest");
        requireNonNull(irqchip, "irqchip");
        requireNonNull(path, "path");
        requireNonNull(trigger, "trigger");
        requireNonNull(pace, "pace");
        lines = List.copyOf(requireNonNull(lines, "lines"));
        require(lines.stream().allMatch(line -> line >= 0), "lines are numbered from 0, and these are " + lines);
        requireNonNull(vector, "vector").ifPresent(number -> require(number >= 0 && number <= LAST_VECTOR,
                "vector must be 0 to %d, not %d".formatted(LAST_VECTOR, number)));
        requireNonNull(address, "address");
        require(vector.isEmpty() || lines.isEmpty(),
                "a vector and lines exclude each other: a vector given by number has no line");
        require(vector.isEmpty() || trigger == Trigger.EDGE,
                "a vector and a level trigger exclude each other: only a line has a level");
        require(vcpus >= 1 && vcpus <= MemoryMap.MOST_VCPUS,
                "vcpus must be 1 to %d, not %d".formatted(MemoryMap.MOST_VCPUS, vcpus));
        require(requireNonNull(to, "to").isEmpty() || to.getAsInt() >= 0 && to.getAsInt() < vcpus,
                "there is no vCPU %d: the guest has %d, numbered from 0".formatted(to.orElse(0), vcpus));
        requireNonNull(timeout, "timeout").ifPresent(time -> require(time.isPositive(), "timeout must be above 0"));
        Route taken = path.isPresent() ? path.get() : usualPath(guest, irqchip, vector, address, vcpus);
        requireTaken(taken, RouteParameter.VECTOR, vector.isPresent());
        requireTaken(taken, RouteParameter.ADDRESS, address.isPresent());
        requireTaken(taken, RouteParameter.LINE, !lines.isEmpty());
        requireTaken(taken, RouteParameter.LEVEL, trigger == Trigger.LEVEL);
    }

    /** A parameter that the path ignored would show the user something that is not there. */
    private static void requireTaken(Route path, RouteParameter parameter, boolean given) {
        require(!given || path.takes(parameter), "path %s does not take %s; these do: %s".formatted(path,
                parameter.phrase(),
                Route.taking(parameter).stream().map(Route::label).collect(Collectors.joining(", "))));
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
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
    public Route effectivePath() {
        return path.orElseGet(() -> usualPath(guest, irqchip, vector, address, vcpus));
    }

    private static Route usualPath(Optional<BuiltinGuest> guest, Irqchip irqchip, OptionalInt vector,
            OptionalInt address, int vcpus) {
        if (address.isPresent()) {
            return Route.MSI;
        }
        boolean line = vector.isEmpty() && (irqchip == Irqchip.KERNEL || vcpus > 1);
        Route usual = line ? Route.LINE : Route.VECTOR;
        return guest.filter(booted -> !usual.supports(booted)).map(booted -> {
            boolean message = vector.isPresent() && Route.MSI.supports(booted);
            return message ? Route.MSI : Route.of(booted).getFirst();
        }).orElse(usual);
    }

    /** The guest booted. */
    public BuiltinGuest effectiveGuest() {
        return guest.orElseGet(() -> effectivePath().defaultGuest(irqchip, vcpus));
    }

    /**
     * What is injected, with everything decided: one injection for each line that the plan lists, in its order and as
     * often, or a single one.
     */
    public List<ResolvedInjection> injections(LineChoice choice) {
        int target = to.orElseGet(this::addressed);
        MsiMessage standard = MsiMessage.fixed(target, vector.orElse(MESSAGE_VECTOR));
        MsiMessage message = address.isPresent() ? new MsiMessage(address.getAsInt(), standard.data()) : standard;
        OptionalInt fixed = effectivePath().fixedLine();
        List<Integer> pulled = fixed.isPresent() ? List.of(fixed.getAsInt())
                : lines.isEmpty() ? List.of(choice.pickFree()) : lines;
        return pulled.stream()
                .map(line -> new ResolvedInjection(irqchip, effectivePath(), target, line, vector, message, trigger))
                .toList();
    }

    /** The vCPU that the address names, if there is one with that APIC ID; otherwise the first. */
    private int addressed() {
        return address.stream()
                .mapToObj(bits -> new MsiMessage(bits, 0))
                .filter(message -> !message.isLogical() && message.destination() < vcpus)
                .mapToInt(MsiMessage::destination)
                .findFirst()
                .orElse(0);
    }

    /** The machine that the plan needs. */
    public MachinePlan machinePlan(List<ResolvedInjection> targets) {
        BuiltinGuest booted = effectiveGuest();
        BootParameters orders =
                new BootParameters(targets.stream().map(ResolvedInjection::line).collect(Collectors.toSet()), trigger,
                        targets.getFirst().vcpu(), vcpus);
        return new MachinePlan(irqchip, booted.handles(GuestInput.PIT), booted.image(), booted.bootMode(), orders,
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
        private Optional<Route> path = Optional.empty();
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
            this.irqchip = requireNonNull(irqchip, "irqchip");
        }

        public Builder guest(BuiltinGuest value) {
            guest = Optional.ofNullable(value);
            return this;
        }

        public Builder path(Route value) {
            path = Optional.ofNullable(value);
            return this;
        }

        public Builder lines(List<Integer> value) {
            lines = value;
            return this;
        }

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

        public Builder count(int value) {
            return pace(Pace.oneByOne(value));
        }

        public Builder pace(Pace value) {
            pace = value;
            return this;
        }

        public Builder timeout(Duration value) {
            return timeout(Optional.of(requireNonNull(value, "timeout")));
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
