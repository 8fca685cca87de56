package dev.interject.experiment;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant by one with a typing error. */
public final class NearWord {

    private static final int LETTERS_FOR_AN_ERROR = 3;

    private NearWord() {}

    /** The nearest of the words, unless more than a third of the letters are wrong. */
    public static Optional<String> of(String typed, List<String> words) {
        int tolerated = (typed.length() + 1) / LETTERS_FOR_AN_ERROR;
        return words.stream()
                .min(Comparator.comparingInt(word -> distance(typed, word)))
                .filter(word -> distance(typed, word) <= tolerated);
    }

    /** How many letters must be inserted, removed, replaced or exchanged with their neighbours, whatever their case. */
    static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[][] of = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                of[i][j] = i == 0 || j == 0
                        ? i + j
                        : Math.min(of[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1),
                                1 + Math.min(of[i - 1][j], of[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    of[i][j] = Math.min(of[i][j], of[i - 2][j - 2] + 1);
                }
            }
        }
        return of[a.length()][b.length()];
    }
}
