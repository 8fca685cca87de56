package dev.interject.interrupt.gate;

import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.Piece;

/** The level of a line that drives a pin of the IOAPIC. */
enum LineLevel {
    LOW, HIGH, UNKNOWN;

    /** A state that does not say which lines are held has the levels of lines 0 to 15 in its 8259s. */
    static LineLevel of(GuestState state, int pin, int gsi) {
        boolean isHigh = state.controllers().isPinHigh(pin, gsi);
        if (isHigh || !state.lacks(Piece.LINES_HIGH)) {
            return isHigh ? HIGH : LOW;
        }
        if (!IsaLine.exists(gsi) || state.lacks(PicPieces.of(gsi).lines())) {
            return UNKNOWN;
        }
        return (state.controllers().chip(gsi).lastIrr() & ControllerState.bit(gsi)) != 0 ? HIGH : LOW;
    }
}
