package dev.interject.experiment.doctor;

import java.util.Locale;

/** What a check of the host found. */
public enum HostStatus {
    /** It is there, or it worked. */
    OK,
    /** It is not there. */
    MISSING,
    /** It was tried and went wrong. */
    FAILED,
    /** It works otherwise than the manuals say. Not bad: Interject runs all the same. */
    DEPARTS,
    /** Good to know; neither good nor bad. */
    NOTE;

    /** The word used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
