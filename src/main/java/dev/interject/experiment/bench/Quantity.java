package dev.interject.experiment.bench;

import java.util.Locale;

/** A time that is measured, in nanoseconds. */
public enum Quantity {
    INJECTION("injection alone", "the call that injects, on the thread that makes it"),
    HANDLER("to the handler", "from before that call to the handler's entry, by the guest's time-stamp counter"),
    ROUND_TRIP("round trip", "from before that call to the handler's acknowledgement at the host"),
    COUNT("counted in memory",
            "from before that call until the host sees the guest's count; the handler causes no exit"),
    KICK("kick", "from the kick until the vCPU's thread has left the guest"),
    WINDOW("window", "from the guest's STI until the vCPU's thread has left the guest"),
    START("VM to first interrupt", "from opening /dev/kvm, with the image in memory, to the first interrupt taken"),
    RESTORE("save and restore", "of a guest that sleeps, its vCPU held: every piece of its state read, another VM made,"
            + " and every piece written to it");

    private final String title;
    private final String meaning;

    Quantity(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /** The title of its table. */
    public String title() {
        return title;
    }

    /** What begins and ends the time. */
    public String meaning() {
        return meaning;
    }

    /** The name in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
