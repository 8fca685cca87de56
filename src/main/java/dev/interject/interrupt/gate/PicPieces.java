package dev.interject.interrupt.gate;

import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.Piece;

/** The pieces of a state that are of one 8259. */
record PicPieces(Piece base, Piece irr, Piece imr, Piece isr, Piece lines, Piece elcr, Piece priority, Piece autoEoi,
        Piece specialMask) {

    static final PicPieces MASTER = new PicPieces(Piece.MASTER_BASE, Piece.MASTER_IRR, Piece.MASTER_IMR,
            Piece.MASTER_ISR, Piece.MASTER_LINES, Piece.MASTER_ELCR, Piece.MASTER_PRIORITY, Piece.MASTER_AUTO_EOI,
            Piece.MASTER_SPECIAL_MASK);
    static final PicPieces SLAVE = new PicPieces(Piece.SLAVE_BASE, Piece.SLAVE_IRR, Piece.SLAVE_IMR, Piece.SLAVE_ISR,
            Piece.SLAVE_LINES, Piece.SLAVE_ELCR, Piece.SLAVE_PRIORITY, Piece.SLAVE_AUTO_EOI,
            Piece.SLAVE_SPECIAL_MASK);

    /** Those of the chip of a line, 0–15. */
    static PicPieces of(int line) {
        return line < ControllerState.LINES_PER_PIC ? MASTER : SLAVE;
    }
}
