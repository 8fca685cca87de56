package dev.interject.kvm;

import dev.interject.device.PicState;

/** States that tests put an in-kernel 8259 into. */
final class PicStateSample {

    private PicStateSample() {}

    static PicState basedAt(PicState s, int vectorBase) {
        return new PicState(s.lastIrr(), s.irr(), s.imr(), s.isr(), s.priorityAdd(), vectorBase, s.readRegSelect(),
                s.poll(), s.specialMask(), s.initState(), s.autoEoi(), s.rotateOnAutoEoi(), s.specialFullyNested(),
                s.init4(), s.elcr(), s.elcrMask());
    }
}
