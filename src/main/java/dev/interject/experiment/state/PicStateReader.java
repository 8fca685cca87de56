package dev.interject.experiment.state;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

import dev.interject.device.PicState;
import dev.interject.interrupt.state.Piece;

/** An 8259, of which a state may have some registers only. */
final class PicStateReader {

    private static final int BYTE = 0xff;
    private static final int TOP = 7;
    private static final int INITIALIZATION = 3;
    private static final int USUAL_BASE = 0x20;

    private final Optional<Fields> pic;
    private final String name;
    private final List<Piece> pieces;
    private final EnumSet<Piece> lacking;
    private final Fields state;

    /** @param pieces of this chip, in the order of {@link Piece} */
    PicStateReader(Optional<Fields> pic, String name, List<Piece> pieces, EnumSet<Piece> lacking, Fields state) {
        this.pic = pic;
        this.name = name;
        this.pieces = pieces;
        this.lacking = lacking;
        this.state = state;
    }

    PicState read(int levelLines) {
        int base = number("base", BYTE, 0, USUAL_BASE);
        int irr = number("irr", BYTE, 1, 0);
        int imr = number("imr", BYTE, 2, 0);
        int isr = number("isr", BYTE, 3, 0);
        int lines = number("linesHigh", BYTE, 4, 0);
        int elcr = number("elcr", BYTE, 5, 0);
        int top = number("topPriority", TOP, 6, 0);
        boolean specialMask = flag("specialMask", 9, false);
        boolean specialFullyNested = flag("specialFullyNested", 6, false);
        boolean autoEoi = flag("autoEoi", 7, false);
        boolean rotates = flag("rotateOnAutoEoi", 8, false);
        boolean poll = flag("poll", 8, false);
        boolean readsIsr = flag("readsIsr", 8, false);
        boolean icw4 = flag("icw4", 8, true);
        int initState = number("initState", INITIALIZATION, 8, 0);
        int mask = number("elcrMask", BYTE, 8, levelLines);
        return state.checked(name, () -> new PicState(lines, irr, imr, isr, top, base, readsIsr, poll, specialMask,
                initState, autoEoi, rotates, specialFullyNested, icw4, elcr, mask));
    }

    private int number(String field, int largest, int piece, int usual) {
        mark(field, piece);
        return pic.map(fields -> fields.number(field, largest).orElse(usual)).orElse(usual);
    }

    private boolean flag(String field, int piece, boolean usual) {
        mark(field, piece);
        return pic.flatMap(fields -> fields.flag(field)).orElse(usual);
    }

    private void mark(String field, int piece) {
        if (pic.isEmpty() || !pic.get().has(field)) {
            lacking.add(pieces.get(piece));
        }
    }
}
