package dev.interject.experiment.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan or a pace that makes no sense cannot be made; the message says which value, and what it may be. */
class RunPlanTest {

    private static final int[] NUMBERS =
            {Integer.MIN_VALUE, -1, 0, 1, 2, 31, 32, 33, 255, 256, 100_001, 10_000_001, Integer.MAX_VALUE};

    private static RunPlan plan(UnaryOperator<RunPlan.Builder> change) {
        return change.apply(RunPlan.on(Irqchip.KERNEL)).build();
    }

    /** Every setter of the builder that takes a number, with numbers at and beyond every border. */
    static Stream<Arguments> numbers() {
        return Arrays.stream(RunPlan.Builder.class.getMethods())
                .filter(method -> Arrays.equals(method.getParameterTypes(), new Class<?>[]{int.class}))
                .flatMap(setter -> IntStream.of(NUMBERS).mapToObj(number -> arguments(setter, number)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void numbers(Method setter, int number) throws IllegalAccessException {
        RunPlan.Builder builder = RunPlan.on(Irqchip.KERNEL);
        try {
            setter.invoke(builder, number);
            RunPlan plan = builder.build();

            assertThat(plan.effectiveTimeout()).isPositive();
            assertThat(plan.effectiveGuest()).isNotNull();
        } catch (InvocationTargetException wrapped) {
            assertThat(wrapped.getCause()).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(number));
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining(String.valueOf(number)).hasMessageNotContaining("--");
        }
    }

    /** Every setter of the builder that takes an object, with null: allowed for what may be left open. */
    static Stream<Method> objects() {
        return Arrays.stream(RunPlan.Builder.class.getMethods())
                .filter(method -> method.getDeclaringClass() == RunPlan.Builder.class)
                .filter(method -> method.getParameterCount() == 1 && !method.getParameterTypes()[0].isPrimitive());
    }

    @ParameterizedTest
    @MethodSource
    void objects(Method setter) throws IllegalAccessException {
        RunPlan.Builder builder = RunPlan.on(Irqchip.KERNEL);
        boolean mayBeOpen = List.of("guest", "path").contains(setter.getName());
        try {
            setter.invoke(builder, (Object) null);
            builder.build();

            assertThat(mayBeOpen).isTrue();
        } catch (InvocationTargetException wrapped) {
            assertThat(wrapped.getCause()).isInstanceOf(NullPointerException.class)
                    .hasMessageContaining(setter.getName());
        } catch (NullPointerException refused) {
            assertThat(refused).hasMessageContaining(setter.getName());
        }
    }

    @Test
    void nullIrqchip_isRefusedAtOnce() {
        assertThatThrownBy(() -> RunPlan.on(null)).isInstanceOf(NullPointerException.class).hasMessage("irqchip");
    }

    static Stream<Arguments> refusedPlans() {
        return Stream.of(refused(plan -> plan.count(-1), "count must be 1 to 10000000, not -1"),
                refused(plan -> plan.count(0), "count must be 1 to 10000000, not 0"),
                refused(plan -> plan.vcpus(0), "vcpus must be 1 to 32, not 0"),
                refused(plan -> plan.vcpus(33), "vcpus must be 1 to 32, not 33"),
                refused(plan -> plan.to(1), "there is no vCPU 1: the guest has 1, numbered from 0"),
                refused(plan -> plan.vcpus(2).to(2), "there is no vCPU 2: the guest has 2"),
                refused(plan -> plan.vector(256), "vector must be 0 to 255, not 256"),
                refused(plan -> plan.line(-1), "lines are numbered from 0"),
                refused(plan -> plan.vector(0x41).line(10), "a vector and lines exclude each other"),
                refused(plan -> plan.vector(0x41).trigger(Trigger.LEVEL), "only a line has a level"),
                refused(plan -> plan.path(Route.NMI).vector(0x41), "path nmi does not take a vector; these do: msi,"),
                refused(plan -> plan.path(Route.MSI).line(10), "path msi does not take a line"),
                refused(plan -> plan.path(Route.PIT).trigger(Trigger.LEVEL), "path pit does not take a level trigger"),
                refused(plan -> plan.path(Route.LINE).address(OptionalInt.of(0)), "does not take an address"),
                refused(plan -> plan.timeout(Duration.ZERO), "timeout must be above 0"));
    }

    private static Arguments refused(UnaryOperator<RunPlan.Builder> change, String why) {
        return arguments(change, why);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void refusedPlans(UnaryOperator<RunPlan.Builder> change, String why) {
        assertThatThrownBy(() -> plan(change)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }

    static Stream<Arguments> refusedPaces() {
        return Stream.of(arguments(0, 0, 1, 0, 1, 1, "count must be 1 to 10000000, not 0"),
                arguments(5, -1, 1, 0, 1, 1, "interval must not be negative"),
                arguments(5, 0, 0, 0, 1, 1, "burst must be 1 to 5, not 0"),
                arguments(5, 0, 6, 0, 1, 1, "burst must be 1 to 5, not 6"),
                arguments(200_000, 0, 100_001, 0, 1, 1, "burst must be 1 to 100000, not 100001"),
                arguments(5, 0, 1, -1, 1, 1, "rate must be 1 to 10000000, not -1"),
                arguments(5, 0, 1, 0, 0, 1, "threads must be 1 to 64, not 0"),
                arguments(5, 0, 1, 0, 2, 1, "threads share a burst: burst must be 2 or more, not 1"),
                arguments(5, 0, 1, 0, 1, 0, "hold must be 1 to 5, not 0"),
                arguments(5, 0, 1, 0, 1, 6, "hold must be 1 to 5, not 6"),
                arguments(5, 1, 2, 0, 1, 1, "an interval excludes both a burst and a rate"),
                arguments(5, 1, 1, 100, 1, 1, "an interval excludes both a burst and a rate"));
    }

    @ParameterizedTest(name = "{6}")
    @MethodSource
    void refusedPaces(int count, int millis, int burst, int rate, int threads, int hold, String why) {
        OptionalInt perSecond = rate == 0 ? OptionalInt.empty() : OptionalInt.of(rate);

        assertThatThrownBy(() -> new Pace(count, Duration.ofMillis(millis), burst, perSecond, threads, hold))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void largestValues_areTaken() {
        assertThatNoException().isThrownBy(() -> plan(plan -> plan.vcpus(32).to(31).count(10_000_000)));
        assertThatNoException()
                .isThrownBy(() -> new Pace(100_000, Duration.ZERO, 100_000, OptionalInt.of(10_000_000), 64, 100_000));
    }
}
