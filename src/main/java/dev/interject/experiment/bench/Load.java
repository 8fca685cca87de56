package dev.interject.experiment.bench;

import java.util.Locale;

/** What the vCPU does when it is interrupted. */
public enum Load {
    /** It sleeps in HLT. */
    HALTED,
    /** It computes. */
    BUSY;

    /** The name in text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
