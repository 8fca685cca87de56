package dev.interject.docs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The lines of an output that a page shows, with a line of {@code …} wherever it leaves some out. */
record Excerpt(List<String> shown, StableText text) {

    private static final String GAP = "…";

    /** The shown stretches, split at the gaps; the first and the last are empty if there is a gap at that end. */
    private List<List<String>> stretches() {
        List<List<String>> stretches = new ArrayList<>(List.of(new ArrayList<>()));
        for (String line : shown) {
            if (line.strip().equals(GAP)) {
                stretches.add(new ArrayList<>());
            } else {
                stretches.getLast().add(line);
            }
        }
        return stretches.stream().map(text::of).toList();
    }

    /** The first stretch that the output does not have, or an empty list. */
    List<String> missingFrom(List<String> output) {
        List<String> rest = text.of(output);
        List<List<String>> stretches = stretches();
        for (int i = 0; i < stretches.size(); i++) {
            List<String> stretch = stretches.get(i);
            boolean last = i == stretches.size() - 1;
            int found = last && !stretch.isEmpty()
                    ? Collections.lastIndexOfSubList(rest, stretch)
                    : Collections.indexOfSubList(rest, stretch);
            boolean first = i == 0;
            if (found < 0 || first && !stretch.isEmpty() && found > 0) {
                return stretch;
            }
            rest = rest.subList(found + stretch.size(), rest.size());
            if (last && !rest.isEmpty() && (!stretch.isEmpty() || stretches.size() == 1)) {
                return List.of("(the output continues)", rest.getFirst());
            }
        }
        return List.of();
    }
}
