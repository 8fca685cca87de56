package dev.interject.guest;

import java.util.Locale;

import dev.interject.guest.image.GuestImage;

/** Guests that only the probes of {@code doctor} boot. */
public enum ProbeGuest {
    /** Sets IF for two instructions, 16 times; reports READY before each time and after the last; sleeps with IF=1. */
    STI_WINDOW,
    /** Reports READY, executes {@code int 0x50} in ring 0, and sleeps with IF=0. */
    INT_N,
    /** In 32-bit protected mode: reports READY, executes IRET, reports READY again, and sleeps with IF=0. */
    IRET_32;

    /** The name of its source file, {@code guest/NAME.S}. */
    String label() {
        return "probe-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its image, read from the class path. */
    public GuestImage image() {
        return GuestImage.ofResource(label());
    }
}
