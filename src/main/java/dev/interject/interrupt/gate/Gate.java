package dev.interject.interrupt.gate;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;

/**
 * One thing on an interrupt's path that can stop it.
 *
 * @param kind      what it is, with the manual section
 * @param place     its place, such as {@code slave 8259, IMR}
 * @param evidence  the state that decides, such as {@code IMR = 0xff, bit 2 set}
 * @param verdict   what it does to this interrupt
 * @param meaning   one sentence that explains the verdict
 * @param fix       what would open it; empty if it is open
 * @param departure where every KVM differs from the manual in this state, and the section; empty if it does not
 */
public record Gate(GateKind kind, String place, String evidence, Verdict verdict, String meaning, String fix,
        String departure) {

    private Gate(GateKind kind, String place, String evidence, Verdict verdict, String meaning, String fix) {
        this(kind, place, evidence, verdict, meaning, fix, "");
    }

    static Gate open(GateKind kind, String place, String evidence, String meaning) {
        return new Gate(kind, place, evidence, Verdict.OPEN, meaning, "");
    }

    static Gate holds(GateKind kind, String place, String evidence, String meaning, String fix) {
        return new Gate(kind, place, evidence, Verdict.HOLDS, meaning, fix);
    }

    static Gate drops(GateKind kind, String place, String evidence, String meaning, String fix) {
        return new Gate(kind, place, evidence, Verdict.DROPS, meaning, fix);
    }

    static Gate misrouted(GateKind kind, String place, String evidence, String meaning, String fix) {
        return new Gate(kind, place, evidence, Verdict.MISROUTED, meaning, fix);
    }

    static Gate breaks(GateKind kind, String place, String evidence, String meaning, String fix) {
        return new Gate(kind, place, evidence, Verdict.BREAKS, meaning, fix);
    }

    /** A gate of which the state lacks what decides. */
    static Gate unknown(GateKind kind, String place, Piece... pieces) {
        return unknown(kind, place, "not known", pieces);
    }

    /** The same with what is known. */
    static Gate unknown(GateKind kind, String place, String evidence, Piece... pieces) {
        return new Gate(kind, place, evidence, Verdict.UNKNOWN,
                "the state lacks " + Stream.of(pieces).map(Piece::what).collect(Collectors.joining(", and ")),
                "add it to the state: " + Stream.of(pieces).map(Piece::field).collect(Collectors.joining(", ")));
    }

    /** This gate, unless the state lacks a piece that it depends on. */
    Gate unless(GuestState state, Piece... pieces) {
        if (state.isWhole()) {
            return this;
        }
        Piece[] lacking = Stream.of(pieces).filter(state::lacks).toArray(Piece[]::new);
        return lacking.length == 0 ? this : unknown(kind, place, lacking);
    }

    /** A gate that is not open. */
    static Gate of(Verdict verdict, GateKind kind, String place, String evidence, String meaning, String fix) {
        return new Gate(kind, place, evidence, verdict, meaning, fix);
    }

    /** The same gate, with what the manual says of it. */
    Gate withDeparture(String text) {
        return new Gate(kind, place, evidence, verdict, meaning, fix, text);
    }

    /** Whether it changes what happens to the interrupt: one that is not portable refuses it only. */
    boolean decides() {
        return !isOpen() && !isUnknown() && verdict != Verdict.NOT_PORTABLE;
    }

    /** Whether the state lacks what decides. */
    public boolean isUnknown() {
        return verdict == Verdict.UNKNOWN;
    }

    /** Whether it lets the interrupt through. */
    public boolean isOpen() {
        return verdict == Verdict.OPEN;
    }
}
