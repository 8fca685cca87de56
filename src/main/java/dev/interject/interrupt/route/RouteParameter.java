package dev.interject.interrupt.route;

/** What a plan may choose about an interrupt, if its path uses it. */
public enum RouteParameter {
    /** Which line is pulled. */
    LINE("a line"),
    /** The vector. */
    VECTOR("a vector"),
    /** The address of a message. */
    ADDRESS("an address"),
    /** The data of a message. */
    DATA("a message's data"),
    /** What the sender of an IPI writes. */
    ICR("an ICR"),
    /** A level trigger instead of an edge. */
    LEVEL("a level trigger");

    private final String phrase;

    RouteParameter(String phrase) {
        this.phrase = phrase;
    }

    /** With its article, as in "path nmi does not take a vector". */
    public String phrase() {
        return phrase;
    }
}
