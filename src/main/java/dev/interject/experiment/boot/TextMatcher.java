package dev.interject.experiment.boot;

import java.nio.charset.StandardCharsets;

/** Finds a text in a stream of bytes, of which it keeps none (Knuth, Morris and Pratt). */
final class TextMatcher {

    private static final int BYTE = 0xff;

    private final byte[] text;
    /** For each length of a match, that of the longest shorter match that it ends with. */
    private final int[] shorter;
    private int matched;

    TextMatcher(String text) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.shorter = new int[this.text.length + 1];
        int length = 0;
        for (int i = 1; i < this.text.length; i++) {
            while (length > 0 && this.text[i] != this.text[length]) {
                length = shorter[length];
            }
            if (this.text[i] == this.text[length]) {
                length++;
            }
            shorter[i + 1] = length;
        }
    }

    /** Takes the next byte, 0–255; returns whether the text ends with it. */
    boolean accept(int next) {
        if (matched == text.length) {
            matched = shorter[matched];
        }
        while (matched > 0 && next != (text[matched] & BYTE)) {
            matched = shorter[matched];
        }
        if (next == (text[matched] & BYTE)) {
            matched++;
        }
        return matched == text.length;
    }
}
