package dev.interject.cli.output;

import java.util.List;
import java.util.function.UnaryOperator;

import dev.interject.interrupt.gate.Gate;

/** Text for people, 80 columns wide. */
public final class TextPage {

    private static final int WIDTH = 80;
    private static final String CONTINUATION = " \\";

    private final Style style;
    private final StringBuilder text = new StringBuilder();

    /** An empty page. */
    public TextPage(Style style) {
        this.style = style;
    }

    /** Adds one line, which may have colours. */
    public void line(String content) {
        text.append(PlainText.page(content)).append('\n');
    }

    /** Adds an empty line and a title. */
    public void section(String title) {
        line("");
        line("  " + style.bold(title));
    }

    /** Adds the headings of a table's columns. */
    public void columns(String headings) {
        line(style.bold(headings.stripTrailing()));
    }

    /** Adds a label and, from a column on, text that is broken between words. */
    public void labelled(String label, int column, String content) {
        List<String> lines = WordWrap.fold(content, WIDTH - column);
        line(label + lines.getFirst());
        lines.stream().skip(1).forEach(rest -> line(" ".repeat(column) + rest));
    }

    /** Adds lines that are broken between words and indented. */
    public void folded(String indent, String content) {
        folded(indent, content, UnaryOperator.identity());
    }

    /** @param paint applied to each line, without its indent */
    public void folded(String indent, String content, UnaryOperator<String> paint) {
        WordWrap.fold(content, WIDTH - indent.length()).forEach(part -> line(indent + paint.apply(part)));
    }

    /** Adds a command to type, in several lines where it is long. */
    public void command(String indent, String command) {
        List<String> lines = WordWrap.fold(command, WIDTH - indent.length() - CONTINUATION.length());
        lines.subList(0, lines.size() - 1).forEach(part -> whole(indent + part + CONTINUATION));
        whole(indent + lines.getLast());
    }

    private void whole(String content) {
        text.append(PlainText.verbatimPage(content)).append('\n');
    }

    /** Adds what was set in a guest, if anything was. */
    public void settings(List<String> texts) {
        if (!texts.isEmpty()) {
            folded("  ", "set: " + String.join(" ", texts));
        }
    }

    /** Adds one line with a gate's verdict, place and evidence. */
    public void gate(String indent, Gate gate) {
        String verdict = switch (gate.verdict()) {
            case OPEN -> style.good("open   ");
            case COALESCES -> style.warning("merges ");
            case HOLDS -> style.warning("holds  ");
            case DROPS -> style.warning("drops  ");
            case NOT_NOW -> style.bad("not now");
            case MISROUTED, NOT_PORTABLE, BREAKS -> style.bad("no     ");
            case UNKNOWN -> style.warning("unknown");
        };
        line("%s%s  %-27s %s".formatted(indent, verdict, gate.place(), gate.evidence()));
    }

    /** All lines. */
    @Override
    public String toString() {
        return text.toString();
    }
}
