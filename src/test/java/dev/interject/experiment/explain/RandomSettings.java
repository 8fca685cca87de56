package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.interject.experiment.setting.Situation;

/**
 * Settings at random. Those that decide are more often open than closed, so that the gates behind them matter as well.
 * Where the outcome would depend on what runs first, the value is not one of them.
 */
final class RandomSettings {

    private final Random random;
    private final List<String> settings = new ArrayList<>();

    private boolean isExclusive;

    RandomSettings(Random random) {
        this.random = random;
    }

    Situation situation() {
        return Situation.of(settings.toArray(String[]::new));
    }

    void set(String name, Object value) {
        settings.add(name + "=" + value);
    }

    void unset(String name) {
        settings.removeIf(text -> text.startsWith(name + "="));
    }

    void set(String name, long value) {
        set(name, hex(value));
    }

    /** Settings as they are written, with spaces between them. */
    void setAll(String prefix, String texts) {
        for (String text : texts.split(" ")) {
            settings.add(prefix + text);
        }
    }

    /** Whether something else than the interrupt is to happen as well, so that no other request may be pending. */
    boolean isExclusive() {
        return isExclusive;
    }

    void makeExclusive() {
        isExclusive = true;
    }

    /** Once in this many times, on average. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** From 0 up to, not including, this. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** One of these. */
    @SafeVarargs
    final <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }

    /** Some of these bits. */
    long some(long bits) {
        return random.nextLong() & bits;
    }

    /** The numbers below this, in any order. */
    List<Integer> shuffled(int count) {
        List<Integer> numbers = new ArrayList<>(Stream.iterate(0, i -> i < count, i -> i + 1).toList());
        Collections.shuffle(numbers, random);
        return numbers;
    }

    static String hex(long value) {
        return "0x%x".formatted(value);
    }

    /** Not one of an exception, which a guest takes for one, but at times one that no LAPIC accepts. */
    int vector() {
        return oneIn(12) ? below(0x10) : 0x31 + below(0xbe);
    }

    /** An APIC ID, or a logical one; often that of vCPU 0. */
    int destination() {
        return oneOf(0xff, below(0x100), below(8), 1, 0, 0);
    }
}
