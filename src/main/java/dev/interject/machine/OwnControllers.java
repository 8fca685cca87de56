package dev.interject.machine;

import java.util.Optional;

import dev.interject.device.IoapicState;
import dev.interject.device.PicState;
import dev.interject.interrupt.PicController;

/** Those in this process. */
record OwnControllers(PicController pic) implements Controllers {

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
        return Optional.empty();
    }
}
