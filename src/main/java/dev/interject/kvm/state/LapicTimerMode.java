package dev.interject.kvm.state;

/** The modes of a LAPIC's timer, in the order of their codes (Intel SDM vol. 3A, "APIC Timer"). */
public enum LapicTimerMode {
    ONE_SHOT("one-shot"),
    PERIODIC("periodic"),
    DEADLINE("TSC-deadline"),
    RESERVED("reserved mode");

    private final String words;

    LapicTimerMode(String words) {
        this.words = words;
    }

    /** As the Intel SDM names it. */
    @Override
    public String toString() {
        return words;
    }
}
