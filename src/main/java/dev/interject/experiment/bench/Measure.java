package dev.interject.experiment.bench;

import java.util.List;
import java.util.Locale;

/** A way of measuring: what is done again and again, and which times each turn gives. */
public enum Measure {
    /** One interrupt after the other, each at a guest that has come to rest. */
    LATENCY(1, Quantity.INJECTION, Quantity.HANDLER, Quantity.ROUND_TRIP),
    /** One after the other without a pause, at a guest whose handler only counts. */
    THROUGHPUT(1, Quantity.COUNT),
    /** A vCPU brought out of the guest. */
    KICK(1, Quantity.KICK),
    /** A vCPU brought out of the guest as soon as it can take an interrupt. */
    WINDOW(10, Quantity.WINDOW),
    /** A VM made, its guest started, and one interrupt taken. */
    START(50, Quantity.START);

    private final int share;
    private final List<Quantity> quantities;

    Measure(int share, Quantity... quantities) {
        this.share = share;
        this.quantities = List.of(quantities);
    }

    /** How many of so many turns it makes: some take their time. */
    int turns(int count) {
        return Math.ceilDiv(count, share);
    }

    /** What a turn gives, in the order of {@link Round}'s columns. */
    public List<Quantity> quantities() {
        return quantities;
    }

    /** The word used in options, in JSON, and by the reference. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
