package dev.interject.experiment.suite.list;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Splits words as a shell does: quotes, backslashes. No command is run, and no variable is read. */
final class ShellWords {

    private static final String TIME = "`date +%s`";
    private static final String EXPANDED = "$`";

    private ShellWords() {}

    /**
     * The words. The command {@code date +%s} between backticks is the time in seconds.
     *
     * @throws UnsupportedTestException if the shell would run another command or read a variable
     */
    static List<String> of(String text) throws UnsupportedTestException {
        String plain = text.replace(TIME, Long.toString(Instant.now().getEpochSecond()));
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (quote != '\'' && EXPANDED.indexOf(c) >= 0) {
                throw new UnsupportedTestException("needs a shell for " + text.strip());
            }
            if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                }
                inWord = false;
                word.setLength(0);
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                inWord = true;
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else {
                if (c == '\\' && quote != '\'' && i + 1 < plain.length()) {
                    i++;
                }
                word.append(plain.charAt(i));
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new UnsupportedTestException("has an open quotation mark: " + text.strip());
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
