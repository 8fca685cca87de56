package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.image.Moment;
import dev.interject.experiment.plan.InterruptChoice;
import dev.interject.experiment.witness.ImageExpectation;
import dev.interject.experiment.witness.ImageRuns;
import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.gate.Prediction.Fate;
import dev.interject.interrupt.route.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code explain} and {@code run} agree on an image in which random values are set: the ledger says of the interrupt
 * what was predicted, with {@code --force} where it is refused without.
 */
@RequiresKvm
class RandomImageSettingsTest {

    /** Seeds, separated by commas. */
    private static final Optional<String> ONLY = Optional.ofNullable(System.getProperty("interject.seed"));
    /** How many times as many. */
    private static final int TIMES = Integer.getInteger("interject.runs", 1);
    /** The image has a handler for each vector, and at the symbol idle everything is set up. */
    private static final String IMAGE = "controllers";
    private static final int FIRST_LINE = 1; // the timer ticks on line 0

    static Stream<Arguments> kinds() {
        List<Arguments> kinds = new ArrayList<>();
        for (Irqchip irqchip : Irqchip.values()) {
            kinds.add(kind("a line of the 8259s, " + irqchip, 25, seed -> ofPics(seed, irqchip)));
            kinds.add(kind("an NMI, " + irqchip, 8, seed -> ofNmi(seed, irqchip)));
        }
        for (Irqchip irqchip : List.of(Irqchip.KERNEL, Irqchip.SPLIT)) {
            kinds.add(kind("a message, " + irqchip, 15, seed -> ofMessage(seed, irqchip)));
            kinds.add(kind("a pin of the IOAPIC, " + irqchip, 15, seed -> ofPin(seed, irqchip)));
        }
        for (Irqchip irqchip : List.of(Irqchip.SPLIT, Irqchip.USERSPACE)) {
            kinds.add(kind("a vector, " + irqchip, 10, seed -> ofVector(seed, irqchip)));
        }
        return kinds.stream();
    }

    private static Arguments kind(String name, int count, LongFunction<ImageRuns> runs) {
        return Arguments.of(name, count, runs);
    }

    private static ImageRuns runs(Irqchip irqchip, InterruptChoice interrupt, RandomSettings settings) {
        return ImageRuns.of(IMAGE, irqchip, interrupt)
                .at(Moment.At.symbol("idle"))
                .count(1)
                .set(settings.situation().texts().toArray(String[]::new));
    }

    private static RandomSettings settings(Random random, int vector) {
        RandomSettings settings = new RandomSettings(random);
        new RandomCpu(settings, "").flags(true, true);
        if (settings.oneIn(6)) {
            String gate = "idt[0x%x]".formatted(vector);
            settings.setAll("", settings.oneOf(gate + ".present=0", gate + ".type=trap", gate + ".type=call",
                    gate + ".selector=0", gate + ".selector=0x10", gate + ".ist=1", gate + ".offset=0x40000000",
                    "idt.limit=" + RandomSettings.hex(16L * vector + 14), "gdt.limit=7", "cpu.rsp=0x40000000",
                    "cpu.ss=0", "cpu.cs=0x14"));
        }
        return settings;
    }

    private static ImageRuns ofPics(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        int line = random.nextInt(FIRST_LINE, RandomKind.LINES);
        Trigger trigger = RandomKind.trigger(random);
        RandomSettings settings = settings(random, 0x20 + line);
        RandomControllers controllers = new RandomControllers(settings).pics(line, trigger == Trigger.EDGE);
        if (irqchip.hasLapicInKernel()) {
            controllers.lint0();
        }
        settings.set("pic.slave.base", 0x28); // which the image does not program
        return runs(irqchip, InterruptChoice.usual().withLine(line).withTrigger(trigger), settings);
    }

    private static ImageRuns ofPin(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        int pin = random.nextInt(RandomKind.LINES, RandomKind.PINS);
        Trigger trigger = RandomKind.trigger(random);
        int vector = 0x31 + random.nextInt(0xbe);
        RandomSettings settings = settings(random, vector);
        new RandomControllers(settings).lapic("", 0, vector, true).pin(pin, vector, trigger);
        Route route = trigger == Trigger.EDGE && settings.oneIn(3) ? Route.IRQFD : Route.LINE;
        return runs(irqchip, RandomKind.line(route, pin, trigger), settings);
    }

    private static ImageRuns ofMessage(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        int vector = 0x31 + random.nextInt(0xbe);
        RandomSettings settings = settings(random, vector);
        int address = 0xfee00000 | settings.destination() << 12 | (settings.oneIn(3) ? settings.below(4) << 2 : 0);
        new RandomControllers(settings).lapic("", 0, vector, true).inService("", vector);
        int mode = settings.oneIn(10) ? settings.oneOf(4, 5, 7) << 8 : settings.oneIn(3) ? 1 << 8 : 0;
        Route route = settings.oneOf(Route.MSI, Route.MSI_ROUTE, Route.MSI_IRQFD);
        return runs(irqchip, InterruptChoice.by(route).with(RandomSituation.message(address, mode | vector)), settings);
    }

    private static ImageRuns ofVector(long seed, Irqchip irqchip) {
        Random random = RandomSituation.random(seed);
        int vector = 0x31 + random.nextInt(0xbe);
        RandomSettings settings = settings(random, vector);
        if (irqchip == Irqchip.SPLIT) {
            new RandomControllers(settings).lint0();
        }
        return runs(irqchip, InterruptChoice.by(Route.VECTOR).withVector(vector), settings);
    }

    private static ImageRuns ofNmi(long seed, Irqchip irqchip) {
        RandomSettings settings = settings(RandomSituation.random(seed), 2);
        new RandomCpu(settings, "").nmis();
        return runs(irqchip, InterruptChoice.by(Route.NMI), settings);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void ledger_isAsExplained(String name, int count, LongFunction<ImageRuns> runs) {
        long first = RandomStates.firstSeed(name) + 700_000;
        Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        List<String> disagreements = new ArrayList<>();
        for (long seed = first; seed < first + (long) count * TIMES; seed++) {
            if (ONLY.isPresent() && !List.of(ONLY.get().split(",")).contains(Long.toString(seed))) {
                continue;
            }
            ImageRuns planned = runs.apply(seed);
            ImageExpectation expected = ImageExpectation.of(planned);
            expected.fate().ifPresent(fate -> fates.merge(fate, 1, Integer::sum));
            String where = "; seed %d: %s".formatted(seed, planned);
            expected.disagreement().ifPresent(what -> disagreements.add(what + where));
        }
        System.out.printf("%s: seeds from %d: %s; disagreements: %d%n", name, first, fates, disagreements.size());

        assertThat(disagreements).isEmpty();
    }
}
