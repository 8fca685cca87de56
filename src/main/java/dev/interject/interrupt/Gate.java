package dev.interject.interrupt;

/**
 * One thing on an interrupt's way that can hold it.
 *
 * @param place    where it is, such as {@code slave 8259, IMR}
 * @param evidence what was looked at and found, such as {@code IMR = 0xff, bit 2 set}
 * @param verdict  what it does to this interrupt
 * @param meaning  one sentence on what that means
 */
public record Gate(String place, String evidence, Verdict verdict, String meaning) {

    static Gate open(String place, String evidence, String meaning) {
        return new Gate(place, evidence, Verdict.OPEN, meaning);
    }

    static Gate holds(String place, String evidence, String meaning) {
        return new Gate(place, evidence, Verdict.HOLDS, meaning);
    }

    static Gate breaks(String place, String evidence, String meaning) {
        return new Gate(place, evidence, Verdict.BREAKS, meaning);
    }
}
