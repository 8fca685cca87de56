package dev.interject.experiment.setting;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A set of vectors, the whole content of a register with a bit for each. */
record VectorsForm() implements ValueForm<SortedSet<Integer>> {

    private static final int LAST_VECTOR = 255;
    private static final String NONE = "none";

    @Override
    public String unit() {
        return "vectors, separated by commas";
    }

    @Override
    public String range() {
        return "none, or each 0 to 0xff";
    }

    @Override
    public SortedSet<Integer> parse(String text) {
        SortedSet<Integer> vectors = new TreeSet<>();
        if (!text.equals(NONE)) {
            Arrays.stream(text.split(",", -1)).map(VectorsForm::vector).forEach(vectors::add);
        }
        return vectors;
    }

    private static int vector(String text) {
        if (!Numbers.isWithin(text, LAST_VECTOR)) {
            throw new IllegalArgumentException(text);
        }
        return (int) Numbers.parse(text);
    }

    @Override
    public String format(SortedSet<Integer> vectors) {
        return vectors.isEmpty() ? NONE
                : vectors.stream().map(vector -> Numbers.format(vector)).collect(Collectors.joining(","));
    }
}
