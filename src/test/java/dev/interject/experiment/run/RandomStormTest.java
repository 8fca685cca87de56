package dev.interject.experiment.run;

import static dev.interject.experiment.run.RunAssert.assertThatRun;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.route.Route;
import dev.interject.interrupt.route.RouteParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Storms of every kind, generated from seeds, so that a failing one can be repeated. */
@RequiresKvm
class RandomStormTest {

    private static final int STORMS = 40;

    private static final List<BuiltinGuest> GUESTS =
            List.of(BuiltinGuest.PIC, BuiltinGuest.REAL, BuiltinGuest.SLOW, BuiltinGuest.LATE, BuiltinGuest.BUSY,
                    BuiltinGuest.NESTED, BuiltinGuest.NMI, BuiltinGuest.APIC, BuiltinGuest.X2APIC);

    private record Combination(Irqchip irqchip, BuiltinGuest guest, Route path) {

        private static final List<Combination> ALL = GUESTS.stream()
                .flatMap(guest -> Stream.of(Irqchip.values())
                        .flatMap(
                                irqchip -> Route.of(guest).stream().map(path -> new Combination(irqchip, guest, path))))
                .filter(Combination::takesStorms)
                .toList();

        private boolean takesStorms() {
            boolean hasPicHere = !path.takes(RouteParameter.LINE) || irqchip == Irqchip.KERNEL || guest.usesIoapic()
                    || path == Route.VECTOR;
            return !path.isRaisedByGuest() && path.refusalOn(irqchip).isEmpty() && hasPicHere;
        }

        private List<Integer> lines(Random random) {
            if (!path.takes(RouteParameter.LINE)) {
                return List.of();
            }
            return random.nextBoolean() ? List.of(3, 10, 14) : List.of(10);
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, STORMS);
    }

    private static Run storm(Random random, int count) {
        Combination combination = Combination.ALL.get(random.nextInt(Combination.ALL.size()));
        int burst = random.nextInt(1, count + 1);
        Run run = Run.on(combination.irqchip())
                .guest(combination.guest())
                .path(combination.path())
                .lines(combination.lines(random).toArray(Integer[]::new))
                .count(count)
                .burst(burst)
                .threads(random.nextInt(1, Math.min(burst, 8) + 1))
                .await();
        return random.nextBoolean() ? run.rate(random.nextInt(1_000, 100_000)) : run;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void storm_isAccountedForToTheLastInterrupt(int seed) {
        Random random = new Random(seed);
        int count = random.nextInt(1, 200);

        assertThatRun(storm(random, count).report()).accountsForAll(count);
    }
}
