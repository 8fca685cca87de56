package dev.interject.experiment.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan or a pace that makes no sense cannot be made; the message says which value, and what it may be. */
class RunPlanTest {

    private static final int[] NUMBERS =
            {Integer.MIN_VALUE, -1, 0, 1, 2, 31, 32, 33, 255, 256, 100_001, 10_000_001, Integer.MAX_VALUE};

    private static final MachineChoice KERNEL = MachineChoice.of(Irqchip.KERNEL);
    private static final InterruptChoice USUAL = InterruptChoice.usual();

    private static RunPlan plan(MachineChoice machine, InterruptChoice interrupt) {
        return new RunPlan(machine, interrupt, Pace.oneByOne(1), Conduct.within(Optional.empty()));
    }

    /** Every value that is a number, with numbers at and beyond every border. */
    static Stream<Arguments> numbers() {
        Map<String, IntFunction<RunPlan>> values = Map.of(
                "vcpus", number -> plan(KERNEL.withVcpus(number, 0), USUAL),
                "to", number -> plan(KERNEL.withVcpus(2, number), USUAL),
                "line", number -> plan(KERNEL, USUAL.withLine(number)),
                "vector", number -> plan(KERNEL, USUAL.withVector(number)),
                "address", number -> plan(KERNEL, USUAL.withAddress(number)),
                "count", number -> RunPlan.on(KERNEL).with(Pace.oneByOne(number)));
        return values.entrySet()
                .stream()
                .flatMap(value -> IntStream.of(NUMBERS)
                        .mapToObj(number -> arguments(value.getKey(), number, value.getValue())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("numbers")
    void anyNumber_isAcceptedOrNamedInTheRefusal(String name, int number, IntFunction<RunPlan> make) {
        try {
            RunPlan plan = make.apply(number);

            assertThat(plan.effectiveTimeout()).isPositive();
            assertThat(plan.effectiveGuest()).isNotNull();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining(String.valueOf(number)).hasMessageNotContaining("--");
        }
    }

    /** Every component that is an object, of every part of a plan. */
    static Stream<Arguments> objects() {
        return Stream.of(RunPlan.on(KERNEL), KERNEL, USUAL, Pace.oneByOne(1), Conduct.within(Optional.empty()))
                .flatMap(part -> Arrays.stream(part.getClass().getRecordComponents())
                        .filter(component -> !component.getType().isPrimitive())
                        .map(component -> arguments(part, component.getName())));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("objects")
    void nullComponent_isRefusedByName(Record part, String name) throws ReflectiveOperationException {
        RecordComponent[] components = part.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = components[i].getName().equals(name) ? null : components[i].getAccessor().invoke(part);
        }
        Constructor<?> canonical = part.getClass()
                .getConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));

        assertThatThrownBy(() -> canonical.newInstance(values)).hasCauseInstanceOf(NullPointerException.class)
                .cause()
                .hasMessageContaining(name);
    }

    static Stream<Arguments> refusedPlans() {
        return Stream.of(refused(() -> Pace.oneByOne(-1), "count must be 1 to 10000000, not -1"),
                refused(() -> Pace.oneByOne(0), "count must be 1 to 10000000, not 0"),
                refused(() -> KERNEL.withVcpus(0, 0), "vcpus must be 1 to 32, not 0"),
                refused(() -> KERNEL.withVcpus(33, 0), "vcpus must be 1 to 32, not 33"),
                refused(() -> KERNEL.withVcpus(1, 1), "there is no vCPU 1: the guest has 1, numbered from 0"),
                refused(() -> KERNEL.withVcpus(2, 2), "there is no vCPU 2: the guest has 2"),
                refused(() -> USUAL.withVector(256), "vector must be 0 to 255, not 256"),
                refused(() -> USUAL.withLine(-1), "lines are numbered from 0"),
                refused(() -> USUAL.withVector(0x41).withLine(10), "a vector and lines exclude each other"),
                refused(() -> USUAL.withVector(0x41).withTrigger(Trigger.LEVEL), "only a line has a level"),
                refused(() -> plan(KERNEL, InterruptChoice.by(Route.NMI).withVector(0x41)),
                        "path nmi does not take a vector; these do: msi,"),
                refused(() -> plan(KERNEL, InterruptChoice.by(Route.MSI).withLine(10)),
                        "path msi does not take a line"),
                refused(() -> plan(KERNEL, InterruptChoice.by(Route.PIT).withTrigger(Trigger.LEVEL)),
                        "path pit does not take a level trigger"),
                refused(() -> plan(KERNEL, InterruptChoice.by(Route.LINE).withAddress(0)),
                        "does not take an address"),
                refused(() -> Conduct.within(Optional.of(Duration.ZERO)), "timeout must be above 0"));
    }

    private static Arguments refused(ThrowingCallable made, String why) {
        return arguments(made, why);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("refusedPlans")
    void invalidPlan_isRefusedWithTheReason(ThrowingCallable made, String why) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }

    static Stream<Arguments> refusedPaces() {
        return Stream.of(arguments(0, 0, 1, 0, 1, 1, "count must be 1 to 10000000, not 0"),
                arguments(5, -1, 1, 0, 1, 1, "interval must not be negative"),
                arguments(5, 0, 0, 0, 1, 1, "burst must be 1 to 5, not 0"),
                arguments(5, 0, 6, 0, 1, 1, "burst must be 1 to 5, not 6"),
                arguments(200_000, 0, 100_001, 0, 1, 1, "burst must be 1 to 100000, not 100001"),
                arguments(5, 0, 1, -1, 1, 1, "rate must be 1 to 10000000, not -1"),
                arguments(5, 0, 1, 0, 0, 1, "threads must be 1 to 64, not 0"),
                arguments(5, 0, 1, 0, 2, 1, "burst must be 2 or more, not 1: that many threads share it"),
                arguments(5, 0, 1, 0, 1, 0, "hold must be 1 to 5, not 0"),
                arguments(5, 0, 1, 0, 1, 6, "hold must be 1 to 5, not 6"),
                arguments(5, 1, 2, 0, 1, 1, "an interval excludes both a burst and a rate"),
                arguments(5, 1, 1, 100, 1, 1, "an interval excludes both a burst and a rate"));
    }

    @ParameterizedTest(name = "{6}")
    @MethodSource("refusedPaces")
    void invalidPace_isRefusedWithTheReason(int count, int millis, int burst, int rate, int threads, int hold,
            String why) {
        OptionalInt perSecond = rate == 0 ? OptionalInt.empty() : OptionalInt.of(rate);

        assertThatThrownBy(() -> new Pace(count, Duration.ofMillis(millis), burst, perSecond, threads, hold))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void largestValues_areTaken() {
        assertThatNoException().isThrownBy(() -> RunPlan.on(KERNEL.withVcpus(32, 31)).with(Pace.oneByOne(10_000_000)));
        assertThatNoException()
                .isThrownBy(() -> new Pace(100_000, Duration.ZERO, 100_000, OptionalInt.of(10_000_000), 64, 100_000));
    }
}
