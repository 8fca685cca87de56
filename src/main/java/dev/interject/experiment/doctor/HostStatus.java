package dev.interject.experiment.doctor;

import java.util.Locale;

/** The result of a check of the host. */
public enum HostStatus {
    /** It is present, or it worked. */
    OK,
    /** It is missing. */
    MISSING,
    /** It was tried and failed. */
    FAILED,
    /** It departs from the manuals. Interject runs nevertheless. */
    DEPARTS,
    /** Information, neither good nor bad. */
    NOTE;

    /** The name used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
