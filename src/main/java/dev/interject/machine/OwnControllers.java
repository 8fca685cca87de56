package dev.interject.machine;

import java.util.Optional;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.interrupt.IoapicController;
import dev.interject.interrupt.PicController;

/** Those in this process: the 8259s, and with a split irqchip an IOAPIC. */
record OwnControllers(PicController pic, Optional<IoapicController> own) implements Controllers {

    @Override
    public PicState master() {
        return pic.masterState();
    }

    @Override
    public PicState slave() {
        return pic.slaveState();
    }

    @Override
    public Optional<IoapicState> ioapic() {
        return own.map(IoapicController::state);
    }
}
