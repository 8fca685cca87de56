package dev.interject.cli.svg;

import java.util.Locale;

/** The colours of all pictures, each for a light page and for a dark page; a CSS class of that name each. */
public enum Colour {
    BACKGROUND("#ffffff", "#0d1117"),
    /** Behind a lane or a row. */
    PANEL("#f6f8fa", "#161b22"),
    GRID("#d1d9e0", "#30363d"),
    TEXT("#1f2328", "#e6edf3"),
    DIM("#59636e", "#9198a1"),
    BLUE("#0969da", "#4493f8"),
    AMBER("#9a6700", "#d29922"),
    GREY("#818b98", "#656c76"),
    GREEN("#1a7f37", "#3fb950"),
    PURPLE("#8250df", "#a371f7"),
    RED("#cf222e", "#f85149");

    private final String light;
    private final String dark;

    Colour(String light, String dark) {
        this.light = light;
        this.dark = dark;
    }

    /** The colour as {@code #rrggbb}. */
    public String on(boolean darkPage) {
        return darkPage ? dark : light;
    }

    String cssClass() {
        return name().toLowerCase(Locale.ROOT);
    }
}
