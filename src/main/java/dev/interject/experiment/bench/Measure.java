package dev.interject.experiment.bench;

import java.util.List;
import java.util.Locale;

/** What is measured in each turn, and which times a turn gives. */
public enum Measure {
    /** One interrupt at a time, each when the guest is idle. */
    LATENCY(1, Quantity.INJECTION, Quantity.HANDLER, Quantity.ROUND_TRIP),
    /** Interrupts without a pause, to a guest whose handler only counts. */
    THROUGHPUT(1, Quantity.COUNT),
    /** A kick, which makes a vCPU leave the guest. */
    KICK(1, Quantity.KICK),
    /** An interrupt window: the vCPU leaves the guest as soon as it can take an interrupt. */
    WINDOW(10, Quantity.WINDOW),
    /** A VM created, its guest started, and one interrupt taken. */
    START(50, Quantity.START),
    /** A guest that sleeps, saved and restored into another VM. */
    RESTORE(10, Quantity.RESTORE);

    private final int share;
    private final List<Quantity> quantities;

    Measure(int share, Quantity... quantities) {
        this.share = share;
        this.quantities = List.of(quantities);
    }

    /** The number of turns for a count; slow measures make fewer. */
    int turns(int count) {
        return Math.ceilDiv(count, share);
    }

    /** The times of a turn, in the order of {@link Round}'s columns. */
    public List<Quantity> quantities() {
        return quantities;
    }

    /** The name in options and JSON, and for the reference. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
