package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_LVT0;
import static dev.interject.interrupt.gate.GuestStateSample.LAPIC_SVR;

/** The register page of a LAPIC. */
final class LapicSample {

    private LapicSample() {}

    /** Enabled; LVT0 is ExtINT, not masked, as KVM's is at reset. */
    static byte[] enabled() {
        byte[] page = new byte[0x400];
        page[LAPIC_SVR + 1] = 1;
        page[LAPIC_LVT0 + 1] = 0x07;
        return page;
    }
}
