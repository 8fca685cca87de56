package dev.interject.cli.svg;

/** What a colour or a symbol of a picture stands for. */
public record LegendEntry(Symbol symbol, Colour colour, String meaning) {

    /** How an entry looks. */
    public enum Symbol {
        BAR, ARROW, STROKE, SHORT_STROKE, FRAME
    }
}
