package dev.interject.experiment.bench;

import java.util.Locale;

/** A time that is measured, in nanoseconds. */
public enum Quantity {
    INJECTION("injection alone", "the call that hands the interrupt over, by the thread that makes it"),
    HANDLER("to the handler", "from before that call to the handler's stamp, by the guest's time-stamp counter"),
    ROUND_TRIP("round trip", "from before that call until the host has the handler's word"),
    COUNT("counted in memory", "from before that call until the host sees the guest's count: no exit for the handler"),
    KICK("kick", "from the kick to the vCPU's thread, out of the guest"),
    WINDOW("window", "from the guest's STI to the vCPU's thread, out of the guest, when it was closed before"),
    START("VM to first interrupt", "from opening /dev/kvm, with the image in memory, to the first interrupt taken");

    private final String title;
    private final String meaning;

    Quantity(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /** What it is called. */
    public String title() {
        return title;
    }

    /** From when to when. */
    public String meaning() {
        return meaning;
    }

    /** The word used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
