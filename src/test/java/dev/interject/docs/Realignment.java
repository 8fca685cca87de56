package dev.interject.docs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An old excerpt laid against a new output: which new line stands for each shown one. */
final class Realignment {

    private static final String GAP = "…";
    private static final double ALIKE = 0.4;

    /** More lines than these between two that once followed each other are a gap. */
    private static final int NEW_LINES = 8;

    private final List<String> shown;
    private final List<String> output;
    private final StableText text;

    Realignment(Excerpt excerpt, List<String> output) {
        shown = excerpt.shown();
        text = excerpt.text();
        this.output = output;
    }

    /** The new excerpt, with the old line where only figures differ; all of the output where none of it is alike. */
    List<String> renewed() {
        int[] partner = partners();
        List<String> renewed = new ArrayList<>();
        int last = -1;
        boolean gap = false;
        boolean blankBeforeGap = false;
        boolean blankAfterGap = false;
        String gapLine = GAP;
        for (int i = 0; i < shown.size(); i++) {
            String line = shown.get(i);
            if (line.strip().equals(GAP)) {
                gap = true;
                gapLine = line;
                blankBeforeGap = i > 0 && shown.get(i - 1).isBlank();
                blankAfterGap = i + 1 < shown.size() && shown.get(i + 1).isBlank();
            } else if (partner[i] >= 0) {
                int next = partner[i];
                if (gap || next - last > NEW_LINES + 1) {
                    addGap(renewed, last, next, gapLine, blankBeforeGap, blankAfterGap);
                } else {
                    renewed.addAll(output.subList(last + 1, next));
                }
                renewed.add(likeness(i, next) == 1 ? line : output.get(next));
                last = next;
                gap = false;
            }
        }
        if (last < 0) {
            return output;
        }
        if (gap) {
            addGap(renewed, last, output.size(), gapLine, blankBeforeGap, false);
        } else {
            renewed.addAll(output.subList(last + 1, output.size()));
        }
        return renewed;
    }

    private void addGap(List<String> renewed, int last, int next, String gapLine, boolean before, boolean after) {
        List<String> between = output.subList(last + 1, next);
        if (between.stream().allMatch(String::isBlank)) {
            renewed.addAll(next == output.size() ? List.of() : between);
            return;
        }
        renewed.addAll(before ? List.of("", gapLine) : List.of(gapLine));
        renewed.addAll(after ? List.of("") : List.of());
    }

    /** For each shown line the index of the output's line that stands for it, rising; -1 where there is none. */
    private int[] partners() {
        double[][] best = new double[shown.size() + 1][output.size() + 1];
        for (int i = shown.size() - 1; i >= 0; i--) {
            for (int j = output.size() - 1; j >= 0; j--) {
                best[i][j] = Math.max(Math.max(best[i + 1][j], best[i][j + 1]), likeness(i, j) + best[i + 1][j + 1]);
            }
        }
        int[] partner = new int[shown.size()];
        Arrays.fill(partner, -1);
        int i = 0;
        int j = 0;
        while (i < shown.size() && j < output.size()) {
            if (likeness(i, j) > 0 && best[i][j] == likeness(i, j) + best[i + 1][j + 1]) {
                partner[i++] = j++;
            } else if (best[i][j] == best[i + 1][j]) {
                i++;
            } else {
                j++;
            }
        }
        return partner;
    }

    /** 1 for the same text, less for words in common, 0 for too few of them. */
    private double likeness(int i, int j) {
        String old = text.of(shown.get(i));
        String now = text.of(output.get(j));
        if (old.isEmpty() || now.isEmpty() || old.equals(GAP)) {
            return 0;
        }
        if (old.equals(now)) {
            return 1;
        }
        Set<String> words = new HashSet<>(List.of(old.split("\\W+")));
        Set<String> others = new HashSet<>(List.of(now.split("\\W+")));
        int all = words.size() + others.size();
        words.retainAll(others);
        double shared = 2.0 * words.size() / all;
        return shared > ALIKE ? shared * 0.9 : 0;
    }
}
