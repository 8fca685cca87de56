package dev.interject.interrupt;

import java.util.Locale;

/** Who sees whether the CPU takes an interrupt. */
public enum Witness {
    /** The guest counts in its own memory: a guest that comes with Interject. */
    GUEST("the guest's own counts"),
    /** A breakpoint at the first instruction of the handler, after the request had left its controller. */
    BREAKPOINT("a breakpoint at the handler"),
    /** The controllers in this process queued the vector for the vCPU (INTA), which holds it no more. */
    CONTROLLERS("the INTA of Interject's own controllers"),
    /** The request has left IRR, and KVM has counted an injection or the ISR has it. */
    COUNTERS("KVM's counters, with IRR and ISR"),
    /** None: the run ended before its guest ran, or none can be had. */
    NONE("no witness");

    private final String words;

    Witness(String words) {
        this.words = words;
    }

    /** The word in options and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A phrase that completes "seen by …". */
    public String words() {
        return words;
    }
}
