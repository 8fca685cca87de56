package dev.interject.interrupt;

/**
 * One thing on an interrupt's way that can hold it.
 *
 * @param kind     what it is, and where to read on
 * @param place    where it is, such as {@code slave 8259, IMR}
 * @param evidence what was looked at and found, such as {@code IMR = 0xff, bit 2 set}
 * @param verdict  what it does to this interrupt
 * @param meaning  one sentence on what that means
 * @param mend     what would open it; empty where it is open
 */
public record Gate(GateKind kind, String place, String evidence, Verdict verdict, String meaning, String mend) {

    static Gate open(GateKind kind, String place, String evidence, String meaning) {
        return new Gate(kind, place, evidence, Verdict.OPEN, meaning, "");
    }

    static Gate holds(GateKind kind, String place, String evidence, String meaning, String mend) {
        return new Gate(kind, place, evidence, Verdict.HOLDS, meaning, mend);
    }

    static Gate forgets(GateKind kind, String place, String evidence, String meaning, String mend) {
        return new Gate(kind, place, evidence, Verdict.FORGETS, meaning, mend);
    }

    static Gate astray(GateKind kind, String place, String evidence, String meaning, String mend) {
        return new Gate(kind, place, evidence, Verdict.ASTRAY, meaning, mend);
    }

    static Gate breaks(GateKind kind, String place, String evidence, String meaning, String mend) {
        return new Gate(kind, place, evidence, Verdict.BREAKS, meaning, mend);
    }

    /** The same with another verdict than open. */
    static Gate of(Verdict verdict, GateKind kind, String place, String evidence, String meaning, String mend) {
        return new Gate(kind, place, evidence, verdict, meaning, mend);
    }

    public boolean isOpen() {
        return verdict == Verdict.OPEN;
    }
}
