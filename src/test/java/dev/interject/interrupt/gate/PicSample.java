package dev.interject.interrupt.gate;

import dev.interject.device.PicState;

/** An 8259 of a PC. */
final class PicSample {

    private PicSample() {}

    static PicState pic(int base, int imr, int isr) {
        return pic(base, imr, isr, 0, false, false);
    }

    static PicState pic(int base, int imr, int isr, int highestPriority, boolean specialMask, boolean fullyNested) {
        return new PicState(0, 0, imr, isr, highestPriority, base, false, false, specialMask, 0, false, false,
                fullyNested, true, 0, 0xf8);
    }

    static PicState requesting(int base, int irr) {
        return new PicState(0, irr, 0, 0, 0, base, false, false, false, 0, false, false, false, true, 0, 0xf8);
    }
}
