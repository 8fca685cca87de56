package dev.interject.interrupt.gate;

import dev.interject.device.Pic8259Pair;
import dev.interject.interrupt.Trigger;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.GuestState;

/**
 * What an 8259 line leaves at the master's input 2, where the slave's INT is wired to. Found by driving the line of a
 * pair with the same state.
 *
 * @param isLatchedByMaster whether the master requests the slave's interrupt
 * @param isSpurious        whether it does so though the slave has none: the slave's INT was high for a moment
 */
record PicInput(boolean isLatchedByMaster, boolean isSpurious) {

    private static final int CASCADE = 1 << 2;

    static PicInput of(GuestState state, int line, Trigger trigger) {
        Pic8259Pair pair = new Pic8259Pair();
        pair.restore(PicPriority.asItActs(state, state.controllers().master()),
                PicPriority.asItActs(state, state.controllers().slave()));
        boolean before = isLatched(pair);
        pair.setLine(line, true);
        if (trigger == Trigger.EDGE) {
            pair.setLine(line, false);
        }
        boolean after = isLatched(pair);
        boolean requested = (pair.slaveState().irr() & ControllerState.bit(line)) != 0;
        return new PicInput(after, line >= ControllerState.LINES_PER_PIC && after && !before && !requested);
    }

    private static boolean isLatched(Pic8259Pair pair) {
        return (pair.masterState().irr() & CASCADE) != 0;
    }
}
