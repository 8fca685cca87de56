package dev.interject.machine;

import java.util.Optional;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;

/** What can be seen of the controllers that all vCPUs of a machine share, wherever they live. */
interface Controllers {

    PicState master();

    PicState slave();

    /** Empty where there is none: a machine whose controllers are all ours has 8259s only. */
    Optional<IoapicState> ioapic();
}
