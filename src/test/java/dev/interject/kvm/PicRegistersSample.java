package dev.interject.kvm;

import dev.interject.kvm.state.PicRegisters;

/** States that tests put an in-kernel 8259 into. */
final class PicRegistersSample {

    private PicRegistersSample() {}

    static PicRegisters basedAt(PicRegisters reset, int vectorBase) {
        return with(reset, reset.imr(), vectorBase);
    }

    static PicRegisters masked(PicRegisters reset, int imr) {
        return with(reset, imr, reset.irqBase());
    }

    private static PicRegisters with(PicRegisters r, int imr, int vectorBase) {
        return new PicRegisters(r.lastIrr(), r.irr(), imr, r.isr(), r.priorityAdd(), vectorBase, r.readRegSelect(),
                r.poll(), r.specialMask(), r.initState(), r.autoEoi(), r.rotateOnAutoEoi(), r.specialFullyNestedMode(),
                r.init4(), r.elcr(), r.elcrMask());
    }
}
