package dev.interject.guest;

import java.util.Locale;

/** Guests that only a probe of the host boots: nothing that a user would run. In long mode, all of them. */
public enum ProbeGuest {
    /** Opens for two instructions, sixteen times, and rings READY before each and once after; then sleeps, open. */
    STI_WINDOW,
    /** Rings READY, calls vector 0x50 by a software interrupt in ring 0, and sleeps with IF=0. */
    INT_N;

    /** The name of its source file: {@code guest/WORD.S}. */
    String label() {
        return "probe-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its image, from the class path. */
    public GuestImage image() {
        return GuestImage.ofResource(label());
    }
}
