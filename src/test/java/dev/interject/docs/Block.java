package dev.interject.docs;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a page: the lines from {@code start} up to {@code end}, counted from 0, without the fences. An HTML
 * comment in the line above the fence may say how a test treats it.
 */
record Block(Page page, String language, int start, int end) {

    private static final Pattern DIRECTIVE = Pattern.compile("<!-- (not run|varies|mask|host): (.+) -->");

    List<String> lines() {
        return page.lines().subList(start, end);
    }

    /** Why a test cannot run it, what varies in it, or empty. */
    String directive(String name) {
        int above = start - 2;
        Matcher directive = DIRECTIVE.matcher(above < 0 ? "" : page.lines().get(above));
        return directive.matches() && directive.group(1).equals(name) ? directive.group(2) : "";
    }

    @Override
    public String toString() {
        return page + ":" + (start + 1);
    }
}
