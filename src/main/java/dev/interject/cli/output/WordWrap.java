package dev.interject.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Breaks text between words. */
public final class WordWrap {

    private WordWrap() {}

    /**
     * Lines of at most {@code width} characters; a line is longer only if a single word is.
     *
     * @return one line or more
     */
    public static List<String> fold(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
