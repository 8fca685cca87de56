package dev.interject.experiment.setting;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A number of up to 64 bits, unsigned, or a word that stands for one.
 *
 * @param unit  what the number counts or names
 * @param least the smallest number, not negative
 * @param most  the largest number; none if only words are allowed
 * @param bits  the bits that may be set
 * @param words the words, each with its number
 */
record NumberForm(String unit, long least, Optional<Long> most, long bits, SequencedMap<String, Long> words)
        implements
            ValueForm<Long> {

    /** The number behind the word {@code none}. */
    static final long NONE = -1;

    NumberForm {
        words = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(words));
    }

    /** 0 to a largest number. */
    static NumberForm upTo(String unit, long most) {
        return new NumberForm(unit, 0, Optional.of(most), -1, Collections.emptyNavigableMap());
    }

    /** A smallest to a largest number. */
    static NumberForm between(String unit, long least, long most) {
        return new NumberForm(unit, least, Optional.of(most), -1, Collections.emptyNavigableMap());
    }

    /** Any of some bits. */
    static NumberForm bits(String unit, long bits) {
        return new NumberForm(unit, 0, Optional.of(bits), bits, Collections.emptyNavigableMap());
    }

    /** 0 or 1. */
    static NumberForm flag(String unit) {
        return upTo(unit, 1);
    }

    /** Nothing, or 0 to a largest number. */
    static NumberForm orNone(String unit, long most) {
        SequencedMap<String, Long> none = new LinkedHashMap<>(Map.of("none", NONE));
        return new NumberForm(unit, 0, Optional.of(most), -1, none);
    }

    /** One of some words; they are numbered in their order, from 0. */
    static NumberForm words(String unit, String... words) {
        SequencedMap<String, Long> numbered = new LinkedHashMap<>();
        for (String word : words) {
            numbered.put(word, (long) numbered.size());
        }
        return words(unit, numbered);
    }

    /** One of some words. */
    static NumberForm words(String unit, SequencedMap<String, Long> words) {
        return new NumberForm(unit, 0, Optional.empty(), -1, words);
    }

    @Override
    public String range() {
        String named = String.join(", ", words.keySet());
        if (most.isEmpty()) {
            return named;
        }
        String numbers = most.get() == 1 ? "0 or 1"
                : isContiguous() ? least + " to " + Numbers.format(most.get()) : "any of the bits 0x%x".formatted(bits);
        return named.isEmpty() ? numbers : named + ", or " + numbers;
    }

    private boolean isContiguous() {
        return bits == -1 || (bits & bits + 1) == 0;
    }

    @Override
    public Long parse(String text) {
        Long word = words.get(text);
        if (word != null) {
            return word;
        }
        if (most.isEmpty() || !Numbers.isWithin(text, most.get())) {
            throw new IllegalArgumentException(text);
        }
        long number = Numbers.parse(text);
        if (Long.compareUnsigned(number, least) < 0 || (number & ~bits) != 0) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    @Override
    public String format(Long value) {
        return words.entrySet()
                .stream()
                .filter(word -> word.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> Numbers.format(value));
    }
}
